import { accountMutants } from "./accounts.ts";
import { calendarMutants } from "./calendar.ts";
import { claimMutants } from "./claims.ts";
import { endingMutants } from "./endings.ts";
import type { Mutant } from "./mutant.ts";
import { wakeupMutants } from "./wakeups.ts";

/** Every bug that is planted, in the order of the ledger's statements. */
export const mutants: readonly Mutant[] = [
  ...accountMutants,
  ...claimMutants,
  ...endingMutants,
  ...calendarMutants,
  ...wakeupMutants,
];
