import {
  clockChanges,
  countBetween,
  type CronExpression,
  type Occurrence,
  occurrencesBetween,
  offsetAt,
} from "./cron.ts";
import type { NextRun } from "./schedule_schema.ts";

/** Runs that a schedule asks for, and what may surprise about them. */
export type Upcoming = { next_runs: NextRun[]; warnings: string[] };

const DAY_MS = 86_400_000;
/** The last instant that the service speaks of: the end of 2100. */
const HORIZON_MS = Date.parse("2100-12-31T23:59:59Z");
/** Days on which a step of hours meets a gap, of which a warning names so many. */
const NAMED = 3;

/** The first `count` runs after an instant, epoch ms, each with a note where clocks change around it. */
export function upcoming(cron: CronExpression, timezone: string, after: number, count: number): Upcoming {
  const found = occurrencesBetween(cron, timezone, after, HORIZON_MS, count);
  const last = found.at(-1)?.at ?? after;
  const warnings = [...rareDays(cron), ...eitherDay(cron), ...stepsLeftOut(cron, timezone, after, last)];
  if (found.length < count) warnings.push("Runs later than the year 2100 are not shown");
  return { next_runs: found.map((occurrence) => shown(cron, timezone, occurrence)), warnings };
}

/** An instant in epoch ms as RFC 3339 in UTC. */
export const instantText = (at: number) => new Date(at).toISOString().replace(".000Z", "Z");

/** A run as an answer shows it, without a note. */
export function placed(timezone: string, at: number): Pick<NextRun, "at" | "local" | "offset"> {
  const ahead = offsetAt(timezone, at);
  const clock = wallText(Math.abs(ahead)).slice(11);
  const offset = (ahead < 0 ? "-" : "+") + (clock.endsWith(":00") ? clock.slice(0, 5) : clock);
  return { at: instantText(at), local: wallText(at + ahead) + offset, offset };
}

function shown(cron: CronExpression, timezone: string, { at, occurrences }: Occurrence): NextRun {
  const note = noteOf(cron, timezone, { at, occurrences });
  return { ...placed(timezone, at), occurrences, ...(note === null ? {} : { note }) };
}

/** No clock has ever been moved by more than a day, so what matters to a run is at most that far away. */
function noteOf(
  cron: CronExpression,
  timezone: string,
  { at, occurrences }: Pick<Occurrence, "at" | "occurrences">,
): string | null {
  for (const change of clockChanges(timezone, at - DAY_MS, at + DAY_MS)) {
    const [from, to] = wallTimes(change.at + change.before, change.at + change.after);
    const wall = at + (at < change.at ? change.before : change.after);
    if (change.after > change.before) {
      const left = occurrences - countBetween(cron, "UTC", wall - 1, wall); // a wall is read as if it were in UTC
      if (cron.follows === "elapsed" || at !== change.at || left === 0) continue;
      return `Clocks skip from ${from} to ${to}; this run stands for ${times(left)} that they leave out`;
    }
    const again = wall >= change.at + change.after && wall < change.at + change.before;
    if (!again) continue;
    const back = `Clocks go back from ${from} to ${to}`;
    if (cron.follows === "elapsed") return `${back}: the ${at < change.at ? "first" : "second"} pass`;
    return `${back}, so ${wallText(wall).slice(11, 16)} comes twice; it runs the first time`;
  }
  return null;
}

/** Every second hour, say: where the clocks skip one of its hours, that run is left out rather than moved. */
function stepsLeftOut(cron: CronExpression, timezone: string, after: number, until: number): string[] {
  if (cron.follows === "wall" || cron.hours.length === 24) return [];
  const days = clockChanges(timezone, after, until)
    .filter((change) => countBetween(cron, "UTC", change.at + change.before - 1, change.at + change.after - 1) > 0)
    .map((change) => wallText(change.at + change.before).slice(0, 10));
  if (days.length === 0) return [];
  const more = days.length > NAMED ? " and later" : "";
  return [`Clocks skip times of this schedule on ${days.slice(0, NAMED).join(", ")}${more}: no run stands for them`];
}

/** The 29th to 31st, in months of the schedule that lack them. */
function rareDays({ dayRule, daysOfMonth, months }: CronExpression): string[] {
  if (dayRule !== "month" && dayRule !== "either") return [];
  const rare = daysOfMonth.filter((day) => months.some((month) => day > shortest(month)));
  if (rare.length === 0) return [];
  if (months.every((month) => month === 2)) return ["29 February comes in leap years alone"];
  return [`Some months have no day ${rare.join(", ").replace(/, (\d+)$/, " or $1")}: there is no run for it then`];
}

function eitherDay({ dayRule }: CronExpression): string[] {
  return dayRule === "either" ? ["A day needs to match day-of-month or day-of-week, not both"] : [];
}

function shortest(month: number): number {
  if (month === 2) return 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

const times = (count: number) => count === 1 ? "1 time" : `${count} times`;

/** Two wall times, with their dates where those differ. */
function wallTimes(a: number, b: number): [string, string] {
  const [first, second] = [wallText(a).slice(0, 16), wallText(b).slice(0, 16)];
  return first.slice(0, 10) === second.slice(0, 10) ? [first.slice(11), second.slice(11)] : [first, second];
}

const wallText = (wall: number) => new Date(wall).toISOString().slice(0, 19);
