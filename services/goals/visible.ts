import type { GoalRow } from "../../db/goals.ts";
import type { Caller } from "../access.ts";
import { DomainError } from "../errors.ts";
import { isPersonal, PERSONAL_DIMENSIONS, seesAll } from "../metrics/personal.ts";

/**
 * A goal, if its caller may know of it: without a token one about a person is not there, for all that it says is of one.
 * @throws {DomainError} `not_found`, for such a goal as for none at all
 */
export function visible(row: GoalRow | null, caller: Caller): GoalRow {
  if (row !== null && (seesAll(caller) || !Object.keys(row.dimensions ?? {}).some(isPersonal))) return row;
  throw new DomainError("not_found", "There is no such goal");
}

/** The dimensions that keep a goal out of a caller's lists, in lower case; null for a caller who sees all goals. */
export function hidingKeys(caller: Caller): readonly string[] | null {
  return seesAll(caller) ? null : [...PERSONAL_DIMENSIONS];
}
