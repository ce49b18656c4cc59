/** An invariant of the ledger does not hold. */
export class Violation extends Error {
  override name = "Violation";
}

/** Epoch milliseconds as people read them. */
export const told = (ms: number | null | undefined): string =>
  ms === null || ms === undefined ? "never" : new Date(ms).toISOString();
