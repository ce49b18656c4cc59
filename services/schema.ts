import { z } from "@hono/zod-openapi";
import { isTimeZone } from "./time_zone.ts";

/** The pieces that every noun's schema is made of. */

/** Text of `min` to `max` characters that every store can hold: no NUL, no half of a surrogate pair. */
export const text = (max: number, min = 1) =>
  z.string().min(min).max(max).refine(isStorable, "must not contain NUL or a lone surrogate");

/** Whether Postgres and UTF-8 can hold a text. */
export function isStorable(value: string): boolean {
  return value.isWellFormed() && !value.includes("\0");
}

/** A UUID of any version. */
export const uuid = z.guid().openapi({ format: "uuid" });

/** A calendar date from 1970 to 2100, as `YYYY-MM-DD`. */
export const date = z.iso.date({ abort: true }).refine(
  (day) => day >= "1970-01-01" && day <= "2100-12-31",
  "must be from 1970 to 2100",
)
  .openapi({ format: "date" });

/** An instant with its offset (RFC 3339), from 1970 to 2100. */
export const instant = z.iso.datetime({ offset: true, abort: true })
  .refine((at) => at >= "1970-01-01" && at < "2101", "must be from 1970 to 2100").openapi({ format: "date-time" });

/** An IANA time zone. */
export const timezone = text(64).refine(isTimeZone, "must be an IANA time zone such as Europe/Berlin");

/** A number that the metrics hold: finite and at most 10^15 in size. */
export const quantity = z.number().min(-1e15).max(1e15);

/** A ratio with what it was made of; `value` is null where the denominator is 0. */
export const Ratio = z.strictObject({
  value: z.number().nullable(),
  numerator: z.number(),
  denominator: z.number(),
}).openapi("Ratio", { description: "A quotient with what it was made of" });

/** An object that refuses unknown fields, naming the nearest legal one. */
export function strict<Shape extends z.ZodRawShape>(shape: Shape) {
  const legal = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => issue.code === "unrecognized_keys" ? unknownFields(issue["keys"] as string[], legal) : undefined,
  });
}

/** The sentence for fields that do not exist. */
export function unknownFields(given: readonly string[], legal: readonly string[]): string {
  return given.map((name) => {
    const close = nearest(name, legal);
    return `Unknown field ${JSON.stringify(name)}${close === null ? "" : `; did you mean ${JSON.stringify(close)}?`}`;
  }).join(" ");
}

/**
 * The legal name with the fewest edits to a given one, or null where none is near.
 * @example
 * ```ts
 * nearest("metric_tpye", ["metric_type", "metric_name"]); // "metric_type"
 * ```
 */
export function nearest(name: string, legal: readonly string[]): string | null {
  if (name.length > 64) return null;
  let best: string | null = null;
  let fewest = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of legal) {
    const distance = edits(name, candidate);
    if (distance < fewest) [best, fewest] = [candidate, distance];
  }
  return best;
}

/** Levenshtein's distance (1966), row by row. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
