import type { FieldError } from "../errors.ts";
import { fieldErrors } from "../field_errors.ts";
import { MetricCreate } from "./schema.ts";

const MOST = 10;

/** Stands in a batch for a line that is not JSON. */
export const NOT_JSON = Symbol("not JSON");

/** What is wrong with a row, as the schema says it: at most 10 pointers into the row, none for a good one. */
export function violationsOf(row: unknown): FieldError[] {
  if (typeof row !== "object" || row === null || Array.isArray(row)) {
    return [{ pointer: "", detail: row === NOT_JSON ? "is not valid JSON" : "must be an object" }];
  }
  // The schema's record would drop this key without a word.
  if (hasProto(row)) return [{ pointer: "/__proto__", detail: 'Unknown field "__proto__"' }];
  if ("dimensions" in row && hasProto(row.dimensions)) {
    return [{ pointer: "/dimensions/__proto__", detail: "is not a name for a dimension" }];
  }
  const parsed = MetricCreate.safeParse(row);
  return parsed.success ? [] : fieldErrors(parsed.error).slice(0, MOST);
}

/** Why a row from before retention's floor is not taken: it may have been counted, and forgotten, already. */
export function tooOld(floor: string | null): FieldError {
  return { pointer: "/timestamp", detail: `too_old: rows dated before ${floor ?? "the retention limit"} are refused` };
}

function hasProto(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "__proto__");
}
