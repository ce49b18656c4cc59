import type { z } from "@hono/zod-openapi";
import type { FieldError } from "./errors.ts";
import { UNSAID } from "./wording.ts";

/**
 * What a schema refused, each with its place: an unknown field stands where it is, and of a union the branch that came
 * closest speaks, or of one of plain values the union itself.
 * @param prefix of the pointers, such as `/query`
 */
export function fieldErrors(error: z.ZodError, prefix = ""): FieldError[] {
  return error.issues.flatMap((issue) => explain(issue, prefix));
}

function explain(issue: z.core.$ZodIssue, prefix: string): FieldError[] {
  const pointer = prefix + issue.path.map(step).join("");
  if (issue.code === "unrecognized_keys") {
    const lines = issue.message.split("\n");
    return issue.keys.map((key, i) => ({ pointer: pointer + step(key), detail: lines[i] ?? issue.message }));
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0 && !speaksForItself(issue)) {
    const [closest] = issue.errors.toSorted((a, b) => a.length - b.length);
    return closest?.flatMap((inner) => explain(inner, pointer)) ?? [];
  }
  return [{ pointer, detail: issue.message }];
}

/** Whether a union refused a value as a whole, and has a sentence for all that would be legal. */
function speaksForItself({ errors, message }: z.core.$ZodIssueInvalidUnion): boolean {
  return message !== UNSAID && errors.every((branch) => branch.every(({ path }) => path.length === 0));
}

/** One reference token of a JSON pointer (RFC 6901). */
function step(key: PropertyKey): string {
  return `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
