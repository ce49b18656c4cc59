import { DatabaseUnavailable, DomainError, StatementTimeout } from "../errors.ts";

/** Why a widget has nothing to show, as its slot says it. */
export type Fault = { code: string; message: string };

/**
 * What a failure of one widget means to its reader: the codes of problem documents.
 * @param report hears of what is our own failure, whose cause the slot does not tell
 */
export function faultOf(error: unknown, report: (cause: unknown) => void): Fault {
  if (error instanceof DomainError) {
    const details = error.errors.map(({ detail }) => detail).join("; ");
    return { code: error.code, message: details === "" ? error.message : details };
  }
  report(error);
  if (error instanceof StatementTimeout) return { code: "timeout", message: "The answer took too long; ask for less" };
  if (error instanceof DatabaseUnavailable) {
    return { code: "unavailable", message: "The database cannot be reached; try again" };
  }
  return { code: "internal", message: "This widget failed; the others did not" };
}
