import { deepStrictEqual as equal } from "node:assert/strict";
import { parseCron } from "../../services/jobs/cron.ts";
import { upcoming } from "../../services/jobs/upcoming.ts";

/** The clock changes below are those of the IANA database: Berlin 2026-03-29 and 2026-10-25, both at 01:00 UTC. */
const after = (schedule: string, timezone: string, at: string, count: number) =>
  upcoming(parseCron(schedule), timezone, Date.parse(at), count);

/** Each run as `UTC = local, times`, with its note where it has one. */
const told = (...asked: Parameters<typeof after>) =>
  after(...asked).next_runs.map(({ at, local, occurrences, note }) =>
    `${at.slice(5, 16)} = ${local.slice(5)} ${occurrences}${note === undefined ? "" : ` ${note}`}`
  );

const warned = (schedule: string, timezone = "UTC") => after(schedule, timezone, "2026-03-27T12:00:00Z", 5).warnings;

Deno.test("a run is shown in UTC, on the wall, and with the wall's offset", () => {
  equal(after("15 9 * * *", "Asia/Kathmandu", "2026-01-01T00:00:00.5Z", 1), {
    next_runs: [{ at: "2026-01-01T03:30:00Z", local: "2026-01-01T09:15:00+05:45", offset: "+05:45", occurrences: 1 }],
    warnings: [],
  });
  equal(told("0 0 * * *", "America/New_York", "2026-01-01T00:00:00Z", 1), ["01-01T05:00 = 01-01T00:00:00-05:00 1"]);
});

Deno.test("the run at the end of a gap says what it stands for, and its neighbours say nothing", () => {
  equal(told("30 2 * * *", "Europe/Berlin", "2026-03-27T12:00:00Z", 3), [
    "03-28T01:30 = 03-28T02:30:00+01:00 1",
    "03-29T01:00 = 03-29T03:00:00+02:00 1 Clocks skip from 02:00 to 03:00; this run stands for 1 time that they leave out",
    "03-30T00:30 = 03-30T02:30:00+02:00 1",
  ]);
  // 02:00, 02:30 and 03:00 fall on one instant; the wall shows the last of them
  equal(told("*/30 2-3 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", 2), [
    "03-29T01:00 = 03-29T03:00:00+02:00 3 Clocks skip from 02:00 to 03:00; this run stands for 2 times that they leave out",
    "03-29T01:30 = 03-29T03:30:00+02:00 1",
  ]);
  equal(told("0 3 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", 1), ["03-29T01:00 = 03-29T03:00:00+02:00 1"]);
});

Deno.test("a gap of half an hour is told as one", () => {
  equal(told("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00:00Z", 1), [
    "10-03T15:30 = 10-04T02:30:00+11:00 1 Clocks skip from 02:00 to 02:30; this run stands for 1 time that they leave out",
  ]);
});

Deno.test("a wall time that comes twice runs once, and says which time", () => {
  equal(told("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", 2), [
    "10-25T00:30 = 10-25T02:30:00+02:00 1 Clocks go back from 03:00 to 02:00, so 02:30 comes twice; it runs the first time",
    "10-26T01:30 = 10-26T02:30:00+01:00 1",
  ]);
  equal(told("30 23 * * *", "Asia/Beirut", "2026-10-24T12:00:00Z", 1), [
    "10-24T20:30 = 10-24T23:30:00+03:00 1 Clocks go back from 2026-10-25T00:00 to 2026-10-24T23:00, so 23:30 comes twice; " +
    "it runs the first time",
  ]);
});

Deno.test("a schedule that follows elapsed time shows both passes of a repeated hour", () => {
  equal(told("30 * * * *", "Europe/Berlin", "2026-10-24T23:45:00Z", 3), [
    "10-25T00:30 = 10-25T02:30:00+02:00 1 Clocks go back from 03:00 to 02:00: the first pass",
    "10-25T01:30 = 10-25T02:30:00+01:00 1 Clocks go back from 03:00 to 02:00: the second pass",
    "10-25T02:30 = 10-25T03:30:00+01:00 1",
  ]);
});

Deno.test("an hour step whose time falls into a gap warns of the run that is left out", () => {
  const { next_runs, warnings } = after("0 */2 * * *", "Europe/Berlin", "2026-03-28T22:30:00Z", 2);
  equal(next_runs.map(({ local }) => local), ["2026-03-29T00:00:00+01:00", "2026-03-29T04:00:00+02:00"]);
  equal(warnings, ["Clocks skip times of this schedule on 2026-03-29: no run stands for them"]);
  equal(after("0 * * * *", "Europe/Berlin", "2026-03-28T22:30:00Z", 5).warnings, []);
  equal(after("0 */12 * * *", "Europe/Berlin", "2026-03-28T22:30:00Z", 5).warnings, []);
});

Deno.test("days that not every month has are named", () => {
  equal(warned("0 0 31 * *"), ["Some months have no day 31: there is no run for it then"]);
  equal(warned("0 0 1,29-31 * *"), ["Some months have no day 29, 30 or 31: there is no run for it then"]);
  equal(warned("0 0 29 2 *"), ["29 February comes in leap years alone"]);
  for (const fine of ["0 0 28 * *", "0 0 31 1,3 *", "0 0 * * *", "0 0 1-31 * *"]) equal(warned(fine), []);
});

Deno.test("two restricted day fields are explained, since either is enough", () => {
  equal(warned("0 0 13 * FRI"), ["A day needs to match day-of-month or day-of-week, not both"]);
});

Deno.test("nothing is shown beyond the year 2100, and the answer says so", () => {
  // leap days from 2028 to 2096; 2100 is no leap year
  const { next_runs, warnings } = after("0 0 29 2 *", "Europe/Berlin", "2026-01-01T00:00:00Z", 100);
  equal([next_runs.length, next_runs.at(-1)?.local], [18, "2096-02-29T00:00:00+01:00"]);
  equal(warnings.at(-1), "Runs later than the year 2100 are not shown");
});
