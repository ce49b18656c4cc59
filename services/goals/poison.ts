import { sqlState } from "../errors.ts";
import { ComputationFailed } from "../ports/heavy.ts";

/**
 * Whether an error is about the readings and terms of one goal, so that others go on without it: the database refuses a
 * value (SQLSTATE classes 22 and 23), or nothing can be computed from it. Anything else, a lock, a deadline or a lost
 * connection, says nothing about the goal: it would meet the others too, and passes by itself.
 */
export function isPoisoned(error: unknown): boolean {
  const refused = ["22", "23"].includes(sqlState(error)?.slice(0, 2) ?? "");
  return refused || error instanceof TypeError || error instanceof RangeError || error instanceof ComputationFailed;
}
