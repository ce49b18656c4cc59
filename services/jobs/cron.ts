/**
 * Cron expressions as this service reads them: five fields, any IANA time zone, and one rule for the nights when clocks
 * change. Pure: instants are epoch milliseconds that the caller brings.
 *
 * The rule rests on one idea (`cron/occurrences.ts`): a wall time fires when the latest wall time ever shown passes it.
 * So nothing fires twice in an hour that is repeated, and what a gap leaves out becomes due together at its end.
 * @module
 */
export { CronError, type CronField } from "./cron/error.ts";
export { CRON_LENGTH_LIMIT, type CronExpression, type DayRule, parseCron } from "./cron/expression.ts";
export { isTimeZone } from "../time_zone.ts";
export { countBetween, nextOccurrence, type Occurrence, occurrencesBetween } from "./cron/occurrences.ts";
export { clockChanges, offsetAt } from "./cron/changes.ts";
export { describeCron } from "./cron/words.ts";
export { toDenoCron } from "./cron/deno.ts";
