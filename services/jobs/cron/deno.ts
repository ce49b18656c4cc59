import { CronError } from "./error.ts";
import { type CronExpression, parseCron } from "./expression.ts";
import { runs, WEEKDAYS } from "./field.ts";

/**
 * The same schedule in the dialect of `Deno.cron` 2.9, or null if it cannot say it. It always fires in UTC, so the
 * caller checks the job's zone.
 *
 * Null means an expression that {@linkcode parseCron} refuses, some of which would bring the process down; everything
 * else can be said. Weekdays are written as names, since Deno numbers them from 1 = Sunday; steps are written out.
 * @example
 * ```ts
 * import { toDenoCron } from "./deno.ts";
 *
 * toDenoCron("*\/30 * * * 1-5"); // "0,30 * * * MON-FRI"
 * toDenoCron("0 0 31 2 *"); // null
 * ```
 */
export function toDenoCron(expression: string): string | null {
  const cron = parsed(expression);
  if (cron === null) return null;
  const { minutes, hours, daysOfMonth, months, weekdays, dayRule } = cron;
  return [
    minutes.length === 60 ? "*" : written(minutes, String),
    hours.length === 24 ? "*" : written(hours, String),
    dayRule === "month" || dayRule === "either" ? written(daysOfMonth, String) : "*",
    months.length === 12 ? "*" : written(months, String),
    dayRule === "week" || dayRule === "either" ? written(weekdays, (day) => WEEKDAYS[day] ?? "") : "*",
  ].join(" ");
}

function parsed(expression: string): CronExpression | null {
  try {
    return parseCron(expression);
  } catch (error) {
    if (error instanceof CronError) return null;
    throw error;
  }
}

function written(values: readonly number[], name: (value: number) => string): string {
  return runs(values).map(([first, last]) => first === last ? name(first) : `${name(first)}-${name(last)}`).join(",");
}
