import fc from "fast-check";

/** What jobs of a history are made of, with a liking for the nights in which clocks change. */

/** Both hemispheres, half hours and quarters, midnight gaps, months of Ramadan, two hours at once, and none at all. */
export const ZONES = [
  ...["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu"],
  ...["America/Santiago", "Africa/Cairo", "America/Havana", "Asia/Beirut", "Pacific/Chatham", "Antarctica/Troll"],
];

const KNOWN = [
  ...["* * * * *", "*/5 * * * *", "0 * * * *", "@hourly", "30 * * * *", "*/30 */2 * * *", "15 */3 * * *"],
  ...["30 2 * * *", "0 0 * * *", "@daily", "*/10 2 * * *", "*/15 1-3 * * *", "0 2,3 * * *", "59 23 * * *"],
  ...["45 1 * * SUN", "0 9 * * MON-FRI", "0 0 1 * *", "@monthly", "@weekly", "30 2 29 * *", "0 3 31 * *"],
  ...["0 0 29 2 *", "@yearly", "30 2 29 3 *", "0 0 13 * 5", "5,10-20/4 0-3 * * *", "0 0-6/2 1,15 JAN-JUN MON"],
];

const composed = fc.tuple(
  fc.constantFrom("*", "*/7", "0", "30", "59", "0,30", "10-50/20"),
  fc.constantFrom("*", "*/2", "*/5", "0", "1", "2", "3", "23", "1-3", "0-23"),
  fc.constantFrom("*", "*", "*", "1", "29", "31", "*/10", "24-31"),
  fc.constantFrom("*", "*", "*", "MAR,OCT", "3,4,9-11"),
  fc.constantFrom("*", "*", "*", "0", "7", "MON-FRI", "FRI-SUN", "*/3"),
).map((fields) => fields.join(" "));

/** Cron expressions, minutely to yearly, of both rules. */
export const expressions: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...KNOWN) },
  { weight: 2, arbitrary: composed },
);

/** What a history sets of a job; `is_active` is an event of its own. */
export type Terms = {
  schedule: string;
  timezone: string;
  misfire: "once" | "skip" | "all";
  overlap: "skip" | "queue" | "allow";
  catch_up_limit_s: number | null;
  jitter_s: number;
  max_attempts: number;
  backoff_s: number;
  timeout_s: number;
  pause_after_failures: number | null;
};

const each = {
  schedule: expressions,
  timezone: fc.constantFrom(...ZONES),
  misfire: fc.constantFrom("once", "once", "skip", "all"),
  overlap: fc.constantFrom("skip", "queue", "allow"),
  catch_up_limit_s: fc.constantFrom(null, null, null, 60, 600, 7_200, 86_400),
  jitter_s: fc.constantFrom(0, 0, 0, 1, 30, 3_600),
  max_attempts: fc.integer({ min: 1, max: 4 }),
  backoff_s: fc.constantFrom(1, 7, 30, 3_600, 86_400),
  timeout_s: fc.constantFrom(10, 60, 600, 86_400),
  pause_after_failures: fc.constantFrom(null, null, 1, 2, 3),
} satisfies { [Key in keyof Terms]: fc.Arbitrary<Terms[Key]> };

/** Terms that the service accepts: runs for every occurrence cannot skip overlaps. */
export const terms: fc.Arbitrary<Terms> = fc.record(each).map((all) =>
  isLegal(all) ? all : { ...all, overlap: "queue" }
);

/** Some of them, as an edit says them; together with the others they may be refused. */
export const edits: fc.Arbitrary<Partial<Terms>> = fc.record(each, { requiredKeys: [] });

/** Whether the service accepts them. */
export const isLegal = ({ misfire, overlap }: Terms): boolean => misfire !== "all" || overlap !== "skip";
