import { deepStrictEqual as equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { type Account, type Accountable, accountDue, accountSkipped, ROWS_LIMIT } from "../../services/jobs/account.ts";
import { backoffSeconds } from "../../services/jobs/backoff.ts";
import { occurrencesBetween, parseCron } from "../../services/jobs/cron.ts";
import { lastOccurrence } from "../../services/jobs/last_occurrence.ts";

const noJitter = () => 0;

function job(more: Partial<Accountable> = {}): Accountable {
  return {
    ...{ schedule: "0 * * * *", timezone: "UTC", misfire: "once", catch_up_limit_s: null, jitter_s: 0 },
    ...{ cursor_at: "2025-12-24T12:00:00.123456Z", schedule_since: "2025-12-24T12:00:00.123456Z" },
    ...more,
  };
}

/** What an account says in short: each row's window, occurrences, and state or reason. */
const brief = ({ rows }: Account) =>
  rows.map((row) =>
    `${row.covers_from.slice(11, 16)}-${row.scheduled_for.slice(11, 16)} ${row.occurrences} ${row.reason ?? row.state}`
  );

Deno.test("nothing due moves nothing, and tells the next occurrence", () => {
  const account = accountDue(job(), "2025-12-24T12:59:59.999999Z", noJitter);
  equal(account, { rows: [], cursor_at: "2025-12-24T12:00:00.123456Z", next_run_at: "2025-12-24T13:00:00.000Z" });
});

Deno.test("an occurrence is due at its very instant, and its window begins where the last one ended", () => {
  const account = accountDue(job(), "2025-12-24T13:00:00Z", noJitter);
  equal(account.rows, [{
    covers_from: "2025-12-24T12:00:00.123456Z",
    scheduled_for: "2025-12-24T13:00:00.000Z",
    occurrences: 1,
    state: "queued",
    reason: null,
    run_at: "2025-12-24T13:00:00.000Z",
  }]);
  equal([account.cursor_at, account.next_run_at], ["2025-12-24T13:00:00.000Z", "2025-12-24T14:00:00.000Z"]);
});

Deno.test("misfire once: one run answers for all that were missed", () => {
  equal(brief(accountDue(job(), "2025-12-24T16:20:00Z", noJitter)), ["12:00-16:00 4 queued"]);
});

Deno.test("misfire once: an outage of 72 hours of a minutely job is one run with 4,320 occurrences", () => {
  const account = accountDue(job({ schedule: "* * * * *" }), "2025-12-27T12:00:00.123456Z", noJitter);
  equal(account.rows.map(({ occurrences }) => occurrences), [4320]);
});

Deno.test("misfire skip: what was missed gets no run, the occurrence of this minute does", () => {
  const skip = job({ misfire: "skip" });
  equal(brief(accountDue(skip, "2025-12-24T16:00:30Z", noJitter)), ["12:00-15:00 3 misfire", "15:00-16:00 1 queued"]);
  equal(brief(accountDue(skip, "2025-12-24T16:20:00Z", noJitter)), ["12:00-16:00 4 misfire"]);
});

Deno.test("misfire all: a run for each, in accounts of a bounded size that go on where the last one ended", () => {
  const all = job({ misfire: "all", schedule: "* * * * *" });
  const now = "2025-12-24T14:30:00Z";
  const first = accountDue(all, now, noJitter);
  equal(first.rows.length, ROWS_LIMIT);
  ok(first.next_run_at !== null && first.next_run_at < now);
  const second = accountDue({ ...all, cursor_at: first.cursor_at }, now, noJitter);
  equal(second.rows.length, 50);
  equal(second.rows[0]?.covers_from, first.rows.at(-1)?.scheduled_for);
  equal(second.next_run_at, "2025-12-24T14:31:00.000Z");
});

Deno.test("what lies outside the catch-up limit is skipped, the rest runs", () => {
  const limited = job({ catch_up_limit_s: 2 * 3600 });
  equal(brief(accountDue(limited, "2025-12-24T16:00:00Z", noJitter)), [
    "12:00-13:00 1 outside_catch_up",
    "13:00-16:00 3 queued",
  ]);
});

Deno.test("a pause is one skipped row, and one without occurrences is none", () => {
  equal(brief(accountSkipped(job(), "2025-12-24T15:10:00Z", "paused")), ["12:00-15:00 3 paused"]);
  equal(brief(accountSkipped(job(), "2025-12-24T12:10:00Z", "paused")), []);
});

Deno.test("jitter moves when a run starts, not what it stands for", () => {
  const [row] = accountDue(job({ jitter_s: 60 }), "2025-12-24T13:00:00Z", () => 0.5).rows;
  equal([row?.scheduled_for, row?.run_at], ["2025-12-24T13:00:00.000Z", "2025-12-24T13:00:30.000Z"]);
});

Deno.test("a clock that went back finds nothing due", () => {
  const ahead = job({ cursor_at: "2025-12-24T18:00:00Z" });
  const account = accountDue(ahead, "2025-12-24T13:30:00Z", noJitter);
  equal([account.rows.length, account.cursor_at, account.next_run_at], [
    0,
    "2025-12-24T18:00:00Z",
    "2025-12-24T19:00:00.000Z",
  ]);
});

Deno.test("a new schedule has no occurrences before it was made, but its first window reaches back to the last row", () => {
  const edited = job({
    schedule: "*/10 * * * *",
    cursor_at: "2025-12-24T12:00:00Z",
    schedule_since: "2025-12-24T12:35:00Z",
  });
  equal(brief(accountDue(edited, "2025-12-24T12:45:00Z", noJitter)), ["12:00-12:40 1 queued"]);
});

Deno.test("wall times that a night leaves out count at its end: Berlin, 29 March 2026", () => {
  const night = job({
    schedule: "*/20 2 * * *",
    timezone: "Europe/Berlin",
    cursor_at: "2026-03-28T12:00:00Z",
    schedule_since: "2026-03-28T12:00:00Z",
  });
  equal(accountDue(night, "2026-03-29T12:00:00Z", noJitter).rows.map((row) => [row.scheduled_for, row.occurrences]), [
    ["2026-03-29T01:00:00.000Z", 3],
  ]);
});

const minute = fc.integer({ min: 0, max: 40 * 1440 });
const START = Date.parse("2026-03-01T00:00:00Z");
const at = (minutes: number) => new Date(START + minutes * 60_000).toISOString();

/** Schedules with the rule that says, by the UTC calendar alone, whether a minute fires. */
const ORACLES: [schedule: string, fires: (minute: Date) => boolean][] = [
  ["*/7 * * * *", (d) => d.getUTCMinutes() % 7 === 0],
  ["5,35 */6 * * *", (d) => [5, 35].includes(d.getUTCMinutes()) && d.getUTCHours() % 6 === 0],
  ["0 9 * * 1-5", (d) => d.getUTCMinutes() === 0 && d.getUTCHours() === 9 && ![0, 6].includes(d.getUTCDay())],
  [
    "30 0 13 * 5",
    (d) => d.getUTCMinutes() === 30 && d.getUTCHours() === 0 && (d.getUTCDate() === 13 || d.getUTCDay() === 5),
  ],
];

Deno.test("whenever it is looked at, the windows touch and the occurrences add up to the calendar's", () => {
  const looks = fc.array(minute, { minLength: 1, maxLength: 12 }).map((list) => [...list].sort((a, b) => a - b));
  const misfires = fc.constantFrom("once" as const, "skip" as const, "all" as const);
  const limits = fc.constantFrom(null, 60, 3_600, 86_400);
  fc.assert(
    fc.property(fc.constantFrom(...ORACLES), looks, misfires, limits, ([schedule, fires], times, misfire, limit) => {
      const rows = [];
      let cursor_at = at(0);
      const base = job({ schedule, misfire, catch_up_limit_s: limit, schedule_since: at(0) });
      for (const time of times) {
        for (let more = true; more;) {
          const account = accountDue({ ...base, cursor_at }, at(time), noJitter);
          rows.push(...account.rows);
          cursor_at = account.cursor_at;
          more = account.next_run_at !== null && account.next_run_at <= at(time);
        }
      }
      let end = at(0);
      for (const row of rows) {
        equal(row.covers_from, end);
        end = row.scheduled_for;
      }
      let expected = 0;
      for (let m = 1; m <= (times.at(-1) ?? 0); m++) if (fires(new Date(START + m * 60_000))) expected++;
      equal(rows.reduce((sum, { occurrences }) => sum + occurrences, 0), expected);
    }),
    { numRuns: 60 },
  );
});

Deno.test("the last occurrence of any stretch is the last that counting forward finds", () => {
  const schedules = fc.constantFrom("*/7 * * * *", "30 2 * * *", "0 0 29 2 *", "15 */5 * * *");
  const zones = fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe");
  fc.assert(
    fc.property(schedules, zones, minute, minute, (schedule, zone, from, length) => {
      const cron = parseCron(schedule);
      const [after, until] = [START + from * 60_000 - 1, START + (from + length) * 60_000];
      equal(
        lastOccurrence(cron, zone, after, until),
        occurrencesBetween(cron, zone, after, until, 100_000).at(-1) ?? null,
      );
    }),
    { numRuns: 200 },
  );
});

Deno.test("each attempt waits twice as long, less up to a random half, and never more than a day", () => {
  equal([1, 2, 3].map((attempt) => backoffSeconds(attempt, 30, 1)), [30, 60, 120]);
  equal(backoffSeconds(1, 30, 0), 15);
  equal(backoffSeconds(20, 86_400, 1), 86_400);
});
