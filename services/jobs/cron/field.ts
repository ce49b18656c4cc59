import { CronError, type CronField } from "./error.ts";

/** `last` is where `*` ends, `high` the greatest number that may be written: Sunday may be 7. */
type FieldRule = { field: CronField; low: number; last: number; high: number; names: readonly string[]; legal: string };

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/** The names of the weekdays, Sunday first, as an expression spells them. */
export const WEEKDAYS: readonly string[] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** What each field may hold. */
export const FIELDS = {
  minute: { field: "minute", low: 0, last: 59, high: 59, names: [], legal: "0-59" },
  hour: { field: "hour", low: 0, last: 23, high: 23, names: [], legal: "0-23" },
  dayOfMonth: { field: "day-of-month", low: 1, last: 31, high: 31, names: [], legal: "1-31" },
  month: { field: "month", low: 1, last: 12, high: 12, names: MONTHS, legal: "1-12 or JAN-DEC" },
  dayOfWeek: {
    field: "day-of-week",
    low: 0,
    last: 6,
    high: 7,
    names: WEEKDAYS,
    legal: "0-7 (Sunday is 0 and 7) or SUN-SAT",
  },
} satisfies Record<string, FieldRule>;

/**
 * The values of one field, ascending and without doubles, of a text in upper case.
 * @throws {CronError} where the text is not legal for this field.
 */
export function valuesOf(rule: FieldRule, text: string): number[] {
  const values = new Set(text.split(",").flatMap((item) => expand(rule, item)));
  return [...values].sort((a, b) => a - b);
}

function expand(rule: FieldRule, item: string): number[] {
  const [, base, from, to, stepText] = item.match(/^(\*|([0-9A-Z]+)(?:-([0-9A-Z]+))?)(?:\/([0-9A-Z]+))?$/) ?? [];
  if (base === undefined) {
    throw new CronError(
      rule.field,
      `${JSON.stringify(item)} is not legal; write *, a value, a-b, */n or a-b/n; ${rule.legal}`,
    );
  }
  const step = stepText === undefined ? 1 : stepOf(rule, stepText);
  if (from === undefined) return progression(rule.low, rule.last, step);
  const start = valueOf(rule, from);
  if (to === undefined) {
    if (stepText === undefined) return [start % (rule.last + 1)];
    throw new CronError(
      rule.field,
      `${JSON.stringify(item)} is a step of one value; write ${from}-${rule.last}/${stepText}`,
    );
  }
  const end = endOf(rule, start, valueOf(rule, to));
  if (end < start) {
    throw new CronError(
      rule.field,
      `${JSON.stringify(item)} runs backwards; write ${from}-${rule.last},${rule.low}-${to}`,
    );
  }
  return progression(start, end, step).map((value) => value % (rule.last + 1));
}

/** Sunday ends a week too: `FRI-SUN` is 5-7. */
function endOf(rule: FieldRule, start: number, end: number): number {
  return rule.field === "day-of-week" && end === 0 && start > 0 ? 7 : end;
}

function valueOf(rule: FieldRule, text: string): number {
  const named = rule.names.indexOf(text);
  if (named >= 0) return rule.low + named;
  const value = /^\d{1,2}$/.test(text) ? Number(text) : -1;
  if (value < rule.low || value > rule.high) {
    throw new CronError(rule.field, `${JSON.stringify(text)} is not legal; legal is ${rule.legal}`);
  }
  return value;
}

/** A longer step would only ever fire the first value: nobody means that by "every 90 minutes". */
function stepOf(rule: FieldRule, text: string): number {
  const longest = rule.last - rule.low;
  const step = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  if (step < 1 || step > longest) {
    throw new CronError(rule.field, `the step ${JSON.stringify(text)} is not legal; legal is 1-${longest}`);
  }
  return step;
}

function progression(start: number, end: number, step: number): number[] {
  return Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, turn) => start + turn * step);
}

/** Ascending values as the first and last of each unbroken run: 1,2,3,7 is [1,3],[7,7]. */
export function runs(values: readonly number[]): [number, number][] {
  const found: [number, number][] = [];
  for (const value of values) {
    const run = found.at(-1);
    if (run !== undefined && run[1] === value - 1) run[1] = value;
    else found.push([value, value]);
  }
  return found;
}
