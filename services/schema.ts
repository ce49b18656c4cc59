import { z } from "@hono/zod-openapi";
import { isTimeZone } from "./time_zone.ts";
import { unknownFields, wordingOf } from "./wording.ts";

z.config({ localeError: wordingOf });

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

/** A whole number of a range, both ends included, which a refusal names. */
export const whole = (min: number, max: number) =>
  bounded(z.int, `must be a whole number from ${min} to ${max}`, min, max);

/** A number of a range, both ends included, which a refusal names. */
export const within = (min: number, max: number) => bounded(z.number, `must be from ${min} to ${max}`, min, max);

function bounded(of: typeof z.int | typeof z.number, sentence: string, min: number, max: number) {
  const legal = { error: ({ input }: { input?: unknown }) => input === undefined ? undefined : sentence };
  return of(legal).min(min, legal).max(max, legal);
}

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
