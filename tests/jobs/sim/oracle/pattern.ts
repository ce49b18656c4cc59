/**
 * What a cron expression says, read by the simulation's own few lines: nothing here knows of services/jobs/cron.
 * Legal expressions only; what is not legal is the business of other tests.
 */
export type Pattern = {
  /** Minutes of a day, ascending. */
  times: readonly number[];
  /** Whether a day matches, numbered from 1970-01-01. */
  day(day: number): boolean;
  /** The rule of design.md: an hour field that starts with `*` follows elapsed time, every other one wall time. */
  follows: "elapsed" | "wall";
};

const MACROS: Record<string, string> = {
  "@hourly": "0 * * * *",
  "@daily": "0 0 * * *",
  "@weekly": "0 0 * * 0",
  "@monthly": "0 0 1 * *",
  "@yearly": "0 0 1 1 *",
};
const MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ");
const WEEKDAYS = "SUN MON TUE WED THU FRI SAT".split(" ");
const DAY_MS = 86_400_000;

const read = new Map<string, Pattern>();

/** Reads an expression, once. */
export function patternOf(expression: string): Pattern {
  const known = read.get(expression);
  if (known !== undefined) return known;
  const pattern = readPattern(expression);
  read.set(expression, pattern);
  return pattern;
}

function readPattern(expression: string): Pattern {
  const [minute = "", hour = "", date = "", month = "", weekday = ""] = (MACROS[expression] ?? expression).split(" ");
  const minutes = values(minute, 0, 59);
  const hours = values(hour, 0, 23);
  const dates = values(date, 1, 31);
  const months = values(month, 1, 12, MONTHS, 1);
  const weekdays = new Set([...values(weekday, 0, 7, WEEKDAYS, 0)].map((day) => day % 7));
  const free = (field: string) => field.split(",").includes("*");
  const times: number[] = [];
  for (let time = 0; time < 1_440; time++) {
    if (minutes.has(time % 60) && hours.has(Math.floor(time / 60))) times.push(time);
  }
  return {
    times,
    follows: hour.startsWith("*") ? "elapsed" : "wall",
    day(day) {
      const at = new Date(day * DAY_MS);
      if (!months.has(at.getUTCMonth() + 1)) return false;
      const [byDate, byWeekday] = [dates.has(at.getUTCDate()), weekdays.has(at.getUTCDay())];
      if (free(date)) return byWeekday;
      return free(weekday) ? byDate : byDate || byWeekday;
    },
  };
}

function values(field: string, low: number, high: number, names: string[] = [], firstName = 0): Set<number> {
  const number = (text: string) => names.includes(text) ? names.indexOf(text) + firstName : Number(text);
  const found = new Set<number>();
  for (const item of field.split(",")) {
    const [range = "", step = "1"] = item.split("/");
    const [from = low, to = from] = range === "*" ? [low, high] : range.split("-").map(number);
    const end = to < from ? 7 : to; // FRI-SUN: the one range that may end with its least value
    for (let value = from; value <= end; value += Number(step)) found.add(value);
  }
  return found;
}
