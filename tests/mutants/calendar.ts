import { type Mutant, unit } from "./mutant.ts";

/** Bugs of the calendar: what the nights of clock changes, and Deno's own dialect, make of a schedule. */
export const calendarMutants: Mutant[] = [
  {
    name: "a wall time that a night shows twice fires twice",
    file: "services/jobs/cron/zone.ts",
    find: "return Math.max(at + span.offset, span.mark);",
    replace: "return at + span.offset;",
    caughtBy: unit("cron", "a wall time that an autumn night shows twice runs once, at the first"),
  },
  {
    name: "the run at a gap's end counts the hour before the gap once more",
    file: "services/jobs/cron/occurrences.ts",
    find: "return countWalls(cron, reachedAt(timezone, at - 1), reachedAt(timezone, at));",
    replace: "return countWalls(cron, reachedAt(timezone, at - 1) - 3_600_000, reachedAt(timezone, at));",
    caughtBy: unit(
      "cron",
      "occurrences and counts are those of an oracle that walks the wall minute by minute, in every zone and kind",
    ),
  },
  {
    name: "the run at a gap's end counts as one, whatever the gap left out",
    file: "services/jobs/cron/occurrences.ts",
    find: "at > start ? 1 : countAt(cron, timezone, at)",
    replace: "1",
    caughtBy: unit("cron", "all wall times of one gap are one run, with those that fall on its end counted in"),
  },
  {
    name: "what a gap leaves out is never counted",
    file: "services/jobs/cron/occurrences.ts",
    find:
      'if (cron.follows === "wall") return countWalls(cron, reachedAt(timezone, after), reachedAt(timezone, until));',
    replace: "",
    caughtBy: unit("account", "wall times that a night leaves out count at its end: Berlin, 29 March 2026"),
  },
  {
    name: "an occurrence at the instant it is asked after comes again",
    file: "services/jobs/cron/occurrences.ts",
    find: "const wall = nextWall(cron, reachedAt(timezone, after) + 1);",
    replace: "const wall = nextWall(cron, reachedAt(timezone, after));",
    caughtBy: unit("cron", "bounds exclude after and include until; limits, fractions and odd instants are held"),
  },
  {
    name: "both day fields must match",
    file: "services/jobs/cron/calendar.ts",
    find: "return cron.daysOfMonth.includes(date) || cron.weekdays.includes(weekday(day));",
    replace: "return cron.daysOfMonth.includes(date) && cron.weekdays.includes(weekday(day));",
    caughtBy: unit(
      "cron",
      "day-of-month or day-of-week is enough when both are restricted, and a plain star restricts nothing",
    ),
  },
  {
    name: "Deno is told weekdays by number, which it counts from 1",
    file: "services/jobs/cron/deno.ts",
    find: '(day) => WEEKDAYS[day] ?? ""',
    replace: '(day) => WEEKDAYS[day] === undefined ? "" : String(day)',
    caughtBy: unit(
      "cron",
      "Deno's dialect gets plain fields with names for weekdays, and never an expression that never fires",
    ),
  },
];
