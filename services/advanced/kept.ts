import type { z } from "@hono/zod-openapi";
import { findForecast, storeForecastLazily } from "../../db/forecast_cache.ts";
import type { Db } from "../../db/client.ts";
import type { Needs } from "../context.ts";
import type { Place, Question } from "./question.ts";

/** What was computed for a question, of which state of the series, and when. */
export type Known<Answer> = { answer: Answer; data_version: string | null; computed_at: string; cached: boolean };

/** What was computed for this state of the series before, if anything. What is not legible is nothing. */
export async function heldAnswer<Schema extends z.ZodType>(
  db: Db,
  schema: Schema,
  { key, data_version }: Place,
): Promise<Known<z.output<Schema>> | null> {
  const held = await findForecast(db, key, data_version);
  if (held === null) return null;
  const parsed = schema.safeParse(held.answer);
  if (!parsed.success) return null;
  return { answer: parsed.data, data_version, computed_at: held.computed_at, cached: true };
}

/**
 * The answer that is kept for a place, else a new one, which is kept from then on. One that cannot be kept is given all
 * the same. Without a place there is nothing to keep.
 */
export async function obtain<Schema extends z.ZodType>(
  ctx: Needs<"db" | "log">,
  { schema, place, question: { now } }: { schema: Schema; place: Place | null; question: Question },
  make: () => Promise<z.output<Schema>>,
): Promise<Known<z.output<Schema>>> {
  const held = place === null ? null : await heldAnswer(ctx.db, schema, place);
  if (held !== null) return held;
  const answer = await make();
  if (place !== null) {
    await storeForecastLazily(ctx.db, { ...place, answer: JSON.stringify(answer), computed_at: now })
      .catch((cause) => ctx.log.warn("a forecast could not be kept", { cause }));
  }
  return { answer, data_version: place?.data_version ?? null, computed_at: now, cached: false };
}
