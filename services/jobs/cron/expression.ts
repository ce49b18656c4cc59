import { CronError, type CronField } from "./error.ts";
import { FIELDS, valuesOf } from "./field.ts";

/** Which days fire: every day, those of the month, those of the week, or either when both are restricted. */
export type DayRule = "every" | "month" | "week" | "either";

/** A parsed expression: for each field its values, ascending and without doubles. Make it with {@linkcode parseCron}. */
export type CronExpression = {
  /** The five fields, upper case, one blank between them; a macro is written out. */
  readonly text: string;
  /** 0-59. */
  readonly minutes: readonly number[];
  /** 0-23. */
  readonly hours: readonly number[];
  /** 1-31. */
  readonly daysOfMonth: readonly number[];
  /** 1-12. */
  readonly months: readonly number[];
  /** 0-6, Sunday is 0. */
  readonly weekdays: readonly number[];
  readonly dayRule: DayRule;
  /** What the expression keeps to when clocks change: elapsed time if its hour field starts with `*`, else wall time. */
  readonly follows: "elapsed" | "wall";
  /** The minutes of a day that fire, 0-1439, ascending: hours × minutes. */
  readonly times: readonly number[];
};

/** The longest expression, in UTF-16 code units, blanks included. */
export const CRON_LENGTH_LIMIT = 100;

const MACROS: ReadonlyMap<string, string> = new Map([
  ["@hourly", "0 * * * *"],
  ["@daily", "0 0 * * *"],
  ["@midnight", "0 0 * * *"],
  ["@weekly", "0 0 * * 0"],
  ["@monthly", "0 0 1 * *"],
  ["@yearly", "0 0 1 1 *"],
  ["@annually", "0 0 1 1 *"],
]);

const LONGEST_MONTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Reads a cron expression: `minute hour day-of-month month day-of-week`, or a macro from `@hourly` to `@yearly`.
 *
 * A field is a list of `*`, values, ranges `a-b`, and steps `1-10/2` of a range or of `*`; months and weekdays may be
 * English names of three letters, in any case. Ranges ascend, except that Sunday may end one (`FRI-SUN`). A step of a
 * single value (`5/15`) is refused, because crons disagree about it. When day-of-month and day-of-week are both
 * restricted a day needs only one of them (POSIX); a field is unrestricted if `*`, not stepped, is in its list.
 * @throws {CronError} for anything else, and for dates that never come, such as 31 February.
 * @example
 * ```ts
 * import { parseCron } from "./expression.ts";
 *
 * parseCron(" 30 8  * * mon ").text; // "30 8 * * MON"
 * ```
 */
export function parseCron(expression: string): CronExpression {
  const known = parsed.get(expression);
  if (known !== undefined) return known;
  const cron = parse(expression);
  if (parsed.size >= PARSED_KEPT) parsed.clear();
  parsed.set(expression, cron);
  return cron;
}

/** Memory only: the same text always means the same, and whoever accounts a thousand jobs reads few different ones. */
const parsed = new Map<string, CronExpression>();
const PARSED_KEPT = 500;

function parse(expression: string): CronExpression {
  const [minute, hour, dayOfMonth, month, dayOfWeek] = splitFields(expression);
  const minutes = valuesOf(FIELDS.minute, minute);
  const hours = valuesOf(FIELDS.hour, hour);
  const daysOfMonth = valuesOf(FIELDS.dayOfMonth, dayOfMonth);
  const months = valuesOf(FIELDS.month, month);
  const weekdays = valuesOf(FIELDS.dayOfWeek, dayOfWeek);
  const dayRule = dayRuleOf(
    { restricted: isRestricted(dayOfMonth), full: daysOfMonth.length === 31 },
    { restricted: isRestricted(dayOfWeek), full: weekdays.length === 7 },
  );
  if (dayRule === "month" && !months.some((m) => daysOfMonth.some((day) => day <= (LONGEST_MONTHS[m - 1] ?? 0)))) {
    throw new CronError("day-of-month", `"${dayOfMonth}" never comes in the months "${month}"; it would never fire`);
  }
  return {
    text: [minute, hour, dayOfMonth, month, dayOfWeek].join(" "),
    minutes,
    hours,
    daysOfMonth,
    months,
    weekdays,
    dayRule,
    follows: hour.startsWith("*") ? "elapsed" : "wall",
    times: hours.flatMap((h) => minutes.map((m) => h * 60 + m)),
  };
}

function splitFields(expression: string): [string, string, string, string, string] {
  if (expression.length > CRON_LENGTH_LIMIT) {
    throw new CronError("expression", `is ${expression.length} characters long; the limit is ${CRON_LENGTH_LIMIT}`);
  }
  const text = expression.trim();
  const written = text.startsWith("@") ? MACROS.get(text.toLowerCase()) : text;
  if (written === undefined) {
    throw new CronError(
      "expression",
      `${JSON.stringify(text)} is not known; legal are ${[...MACROS.keys()].join(" ")}`,
    );
  }
  const fields = written === "" ? [] : written.split(/[ \t]+/);
  const [minute, hour, dayOfMonth, month, dayOfWeek] = fields;
  if (
    minute === undefined || hour === undefined || dayOfMonth === undefined || month === undefined ||
    dayOfWeek === undefined || fields.length > 5
  ) {
    const found = `${fields.length} ${fields.length === 1 ? "field" : "fields"} found`;
    throw new CronError(
      "expression",
      `${found}; 5 are needed: minute hour day-of-month month day-of-week, without seconds or years`,
    );
  }
  return [
    upperCase("minute", minute),
    upperCase("hour", hour),
    upperCase("day-of-month", dayOfMonth),
    upperCase("month", month),
    upperCase("day-of-week", dayOfWeek),
  ];
}

/** Only after the check: `toUpperCase` turns some letters that are not ASCII into ASCII ones (ſ into S). */
function upperCase(field: CronField, text: string): string {
  const stranger = text.match(/[^0-9A-Za-z*,/-]/u);
  if (stranger !== null) {
    throw new CronError(field, `${JSON.stringify(stranger[0])} is not supported; legal are values, names, * , - and /`);
  }
  return text.toUpperCase();
}

function isRestricted(field: string): boolean {
  return !field.split(",").some((item) => item === "*" || /^\*\/0?1$/.test(item));
}

type DayField = { restricted: boolean; full: boolean };

/** A restricted field that leaves nothing out (`1-31`) still makes the other one optional, so every day fires. */
function dayRuleOf(month: DayField, week: DayField): DayRule {
  if (month.restricted && month.full || week.restricted && week.full) return "every";
  if (month.restricted) return week.restricted ? "either" : "month";
  return week.restricted ? "week" : "every";
}
