import type { z } from "@hono/zod-openapi";

/**
 * What is wrong with a value, as every refusal of the service says it: a sentence that goes on from the field's name.
 * What a schema says itself (`error`) comes first.
 * @example
 * ```ts
 * wordingOf({ code: "too_big", origin: "number", maximum: 365, inclusive: true, input: 400 }); // "must be at most 365"
 * ```
 */
export function wordingOf(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? "is required" : `must be ${typeName(issue.expected)}${notA(issue.input)}`;
    case "invalid_value":
      return oneOf(issue.values.map(String), issue.input);
    case "too_small":
      return bound(issue.origin, issue.minimum, issue.exact ? "exactly" : issue.inclusive ? "at least" : "more than");
    case "too_big":
      return bound(issue.origin, issue.maximum, issue.exact ? "exactly" : issue.inclusive ? "at most" : "less than");
    case "invalid_format":
      return FORMATS[issue.format] ?? (issue.pattern === undefined ? UNSAID : `must match ${issue.pattern}`);
    case "not_multiple_of":
      return `must be a multiple of ${issue.divisor}`;
    case "unrecognized_keys":
      return unknownFields(issue.keys, []);
    case "invalid_key":
      return `has a name that ${issue.issues[0]?.message ?? UNSAID}`;
    case "invalid_union":
      return Array.isArray(issue.options)
        ? oneOf(issue.options.map(String), chosen(issue))
        : ofTypes(issue.errors, issue.input);
    default:
      return UNSAID;
  }
}

/** What is said of a value where there is nothing better. */
export const UNSAID = "is not valid";

/** The sentence for a value that may be of several types and is of none of them. */
function ofTypes(branches: readonly (readonly z.core.$ZodIssue[])[], input: unknown): string {
  const types = branches.flatMap(([first]) => first?.code === "invalid_type" ? [typeName(first.expected)] : []);
  if (input === undefined || types.length < branches.length) return UNSAID;
  const [last = "", ...others] = [...new Set(types)].reverse();
  return `must be ${others.length === 0 ? last : `${others.reverse().join(", ")} or ${last}`}${notA(input)}`;
}

/** What the field says that decides between the forms of an object. */
function chosen({ input, discriminator }: z.core.$ZodRawIssue): unknown {
  const fields: Record<string, unknown> = typeof input === "object" && input !== null ? { ...input } : {};
  return fields[String(discriminator)];
}

/** The sentence for fields that do not exist: a line for each, which `fieldErrors` puts where it belongs. */
export function unknownFields(given: readonly string[], legal: readonly string[]): string {
  return given.map((name) => {
    const close = nearest(name, legal);
    return `Unknown field ${JSON.stringify(name)}${close === null ? "" : `; did you mean ${JSON.stringify(close)}?`}`;
  }).join("\n");
}

const FORMATS: Record<string, string> = {
  date: "must be a date that exists, as YYYY-MM-DD",
  datetime: "must be an instant with its offset, such as 2026-01-31T09:00:00Z",
  guid: "must be a UUID",
  uuid: "must be a UUID",
  email: "must be an e-mail address",
  url: "must be a URL",
};

const TYPES: Record<string, string> = {
  array: "an array",
  int: "a whole number",
  object: "an object",
  record: "an object",
};

const typeName = (expected: string) => TYPES[expected] ?? `a ${expected}`;

function notA(input: unknown): string {
  if (input === null) return ", not null";
  if (Array.isArray(input)) return ", not an array";
  if (typeof input === "number") return Number.isFinite(input) ? `, not ${input}` : "";
  return `, not ${typeName(typeof input)}`;
}

function oneOf(legal: readonly string[], input: unknown): string {
  const sentence = legal.length === 1 ? `must be ${legal[0]}` : `must be one of ${legal.join(", ")}`;
  if (input === undefined) return `is required: it ${sentence}`;
  const close = typeof input === "string" ? nearest(input, legal) : null;
  return close === null || legal.length === 1 ? sentence : `${sentence}; did you mean ${JSON.stringify(close)}?`;
}

const SIZED: Record<string, string> = { string: "character", array: "item", object: "field", record: "field" };

function bound(origin: string, limit: number | bigint, than: string): string {
  const unit = SIZED[origin];
  if (unit === undefined) return `must be ${than} ${limit}`;
  if (than === "at least" && limit === 1) return "must not be empty";
  return `must have ${than} ${limit} ${unit}${limit === 1 ? "" : "s"}`;
}

/**
 * The legal name with the fewest edits to a given one; where none is near, the shortest that begins with it, or ends with
 * it as a word; else null.
 * @example
 * ```ts
 * nearest("metric_tpye", ["metric_type", "metric_name"]); // "metric_type"
 * nearest("days", ["service_name", "prediction_days"]); // "prediction_days"
 * ```
 */
export function nearest(name: string, legal: readonly string[]): string | null {
  if (name.length > 64) return null;
  let best: string | null = null;
  let fewest = Math.min(Math.max(2, Math.floor(name.length / 3)), name.length - 1) + 1;
  for (const candidate of legal) {
    const distance = edits(name, candidate);
    if (distance < fewest) [best, fewest] = [candidate, distance];
  }
  const longer = legal.filter((one) => name.length > 2 && (one.startsWith(name) || one.endsWith(`_${name}`)));
  return best ?? longer.toSorted((a, b) => a.length - b.length)[0] ?? null;
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
