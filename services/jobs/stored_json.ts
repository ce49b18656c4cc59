import { isStorable } from "../schema.ts";

/** Characters of JSON that a result, a progress or an error's detail may have. */
export const STORED_LIMIT = 100_000;

/**
 * A value as JSON text that Postgres can hold: what it cannot (NUL, half of a surrogate pair) becomes U+FFFD.
 * @throws {RangeError} when it is larger than `STORED_LIMIT`
 * @throws {TypeError} when it is no JSON at all, such as a cycle
 */
export function storedJson(value: unknown): string {
  const json = JSON.stringify(
    value ?? null,
    (_key, inner) => typeof inner === "object" ? withStorableKeys(inner) : clean(inner),
  );
  if (json.length > STORED_LIMIT) {
    throw new RangeError(`is ${json.length} characters of JSON; the limit is ${STORED_LIMIT}`);
  }
  return json;
}

/** A text that Postgres can hold, cut to a length. */
export function storedText(value: string, limit: number): string {
  const text = isStorable(value) ? value : value.toWellFormed().replaceAll("\0", "\uFFFD");
  return text.length <= limit ? text : `${text.slice(0, limit - 1).toWellFormed()}…`;
}

const clean = (value: unknown) => typeof value === "string" ? storedText(value, STORED_LIMIT) : value;

function withStorableKeys(value: object | null): object | null {
  if (value === null || Array.isArray(value) || Object.keys(value).every(isStorable)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [storedText(key, 255), inner]));
}
