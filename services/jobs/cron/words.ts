import { type CronExpression, parseCron } from "./expression.ts";
import { runs } from "./field.ts";

const WEEKDAY_NAMES = ["Sundays", "Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays"];
const MONTH_NAMES = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** More clock times than this are told by their rhythm rather than listed. */
const LISTED_TIMES = 6;

/**
 * An expression in short English words for people: `hourly`, `every 15 minutes`, `daily at 03:00`.
 * @throws {CronError} for an expression that is not legal.
 * @example
 * ```ts
 * import { describeCron } from "./words.ts";
 *
 * describeCron("30 8 * * 1"); // "Mondays at 08:30"
 * describeCron("0 0 13 * 5"); // "on the 13th and on Fridays at 00:00"
 * ```
 */
export function describeCron(expression: string): string {
  const cron = parseCron(expression);
  const rhythm = rhythmOf(cron);
  const months = monthsOf(cron);
  if (rhythm === null) return [daysAndMonths(cron, months), `at ${clockTimes(cron)}`].join(" ");
  return [rhythm, daysOf(cron), months === "" ? "" : `in ${months}`].filter((words) => words !== "").join(", ");
}

/** Null when the times of day are few enough to be listed. */
function rhythmOf({ minutes, hours, times, follows }: CronExpression): string | null {
  const [minute] = minutes.length === 1 ? minutes : [];
  const minutesApart = evenly(minutes, 60);
  const beat = minutesApart === null ? null : `every ${counted(minutesApart, "minute")}`;
  if (hours.length === 24) {
    if (minute !== undefined) return minute === 0 ? "hourly" : `hourly at minute ${minute}`;
    return beat ?? `at minutes ${listed(minutes)} of every hour`;
  }
  const hoursApart = evenly(hours, 24);
  if (hoursApart !== null && hours.length > 1 && minute !== undefined && follows === "elapsed") {
    return `every ${hoursApart} hours${minute === 0 ? "" : ` at minute ${minute}`}`;
  }
  const rhythm = minute === undefined ? beat : "hourly";
  if (rhythm !== null && runs(hours).length === 1 && (hours.length > 2 || times.length > LISTED_TIMES)) {
    return `${rhythm} from ${clock(times[0] ?? 0)} to ${clock(times.at(-1) ?? 0)}`;
  }
  if (times.length <= LISTED_TIMES) return null;
  const past = beat ?? `at ${minute === undefined ? "minutes" : "minute"} ${listed(minutes)}`;
  return `${past} of ${hours.length === 1 ? "hour" : "hours"} ${listed(hours)}`;
}

function counted(count: number, noun: string): string {
  return count === 1 ? noun : `${count} ${noun}s`;
}

/** The distance of values that start at 0 and divide their whole evenly, as 0,15,30,45 divide 60; else null. */
function evenly(values: readonly number[], whole: number): number | null {
  const apart = whole / values.length;
  return values.every((value, index) => value === index * apart) ? apart : null;
}

function daysAndMonths(cron: CronExpression, months: string): string {
  const days = daysOf(cron) || "daily";
  if (months === "") return cron.dayRule === "month" && !isRare(cron) ? `monthly ${days}` : days;
  if (cron.dayRule !== "month") return `${days} in ${months}`;
  const [day] = cron.daysOfMonth.length === 1 ? cron.daysOfMonth : [];
  if (day === undefined || cron.months.length > 1) return `${days} of ${months}`;
  return `${day === 29 && months === "February" ? "in leap years" : "yearly"} on ${day} ${months}`;
}

function daysOf(cron: CronExpression): string {
  switch (cron.dayRule) {
    case "every":
      return "";
    case "month":
      return `on the ${ordinals(cron)}${isRare(cron) ? " of months that have it" : ""}`;
    case "week":
      return weekdaysOf(cron);
    case "either":
      return `on the ${ordinals(cron)} and on ${weekdaysOf(cron)}`;
  }
}

/** Whether some months have none of these days. */
function isRare({ daysOfMonth, months }: CronExpression): boolean {
  return months.length === 12 && (daysOfMonth[0] ?? 0) > 28;
}

/** Monday first. */
function weekdaysOf({ weekdays }: CronExpression): string {
  const mondayFirst = weekdays.map((day) => day === 0 ? 7 : day).sort((a, b) => a - b);
  return inWords(mondayFirst, (day) => WEEKDAY_NAMES[day % 7] ?? "");
}

function monthsOf({ months }: CronExpression): string {
  return months.length === 12 ? "" : inWords(months, (month) => MONTH_NAMES[month - 1] ?? "");
}

function ordinals({ daysOfMonth }: CronExpression): string {
  return inWords(daysOfMonth, ordinal);
}

function ordinal(day: number): string {
  const teen = day >= 11 && day <= 13;
  const ending = teen ? "th" : ["th", "st", "nd", "rd"][day % 10] ?? "th";
  return `${day}${ending}`;
}

function clockTimes({ times }: CronExpression): string {
  return joined(times.map(clock));
}

function clock(time: number): string {
  return [Math.floor(time / 60), time % 60].map((part) => String(part).padStart(2, "0")).join(":");
}

function listed(values: readonly number[]): string {
  return inWords(values, String);
}

/** Three or more in a row become "first to last". */
function inWords(values: readonly number[], name: (value: number) => string): string {
  return joined(
    runs(values).flatMap(([first, last]) => {
      if (last - first >= 2) return [`${name(first)} to ${name(last)}`];
      return first === last ? [name(first)] : [name(first), name(last)];
    }),
  );
}

function joined(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
