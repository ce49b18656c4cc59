import type { z } from "@hono/zod-openapi";
import type { FieldError } from "../errors.ts";
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
  return parsed.success ? [] : parsed.error.issues.flatMap(places).slice(0, MOST);
}

/** Why a row from before retention's floor is not taken: it may have been counted, and forgotten, already. */
export function tooOld(floor: string | null): FieldError {
  return { pointer: "/timestamp", detail: `too_old: rows dated before ${floor ?? "the retention limit"} are refused` };
}

function hasProto(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "__proto__");
}

function places(issue: z.core.$ZodIssue): FieldError[] {
  const path = issue.path.map(step).join("");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ pointer: path + step(key), detail: issue.message }));
  }
  if (issue.code === "invalid_key") {
    return [{ pointer: path, detail: `the name ${issue.issues[0]?.message ?? "is not valid"}` }];
  }
  return [{ pointer: path, detail: issue.message }];
}

/** One reference token of a JSON pointer (RFC 6901). */
function step(key: PropertyKey): string {
  return `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
