import type { Needs } from "../context.ts";
import { daysBetween } from "../days.ts";
import { calendarOf } from "../metrics/calendar.ts";
import { readDays } from "../metrics/mod.ts";
import { z } from "@hono/zod-openapi";
import { date } from "../schema.ts";
import { lack } from "./insufficient.ts";
import { plural, TERMS } from "./periods.ts";
import { nameOf, type Question } from "./question.ts";
import { type Steps, stepsOf } from "./steps.ts";

/** What is to be said of a history, whatever is computed from it. */
export const Facts = z.strictObject({
  /** First and last day of the history with a reading. */
  first_day: date.nullable(),
  data_through: date.nullable(),
  complete: z.boolean(),
  warnings: z.array(z.string()),
  history_periods: z.number(),
});
export type Facts = z.infer<typeof Facts>;

/** A history, or what it lacks. */
export type Reading = { facts: Facts } & ({ reason: string } | { reason: null; steps: Steps; name: string });

/** Reads the series of a question by its complete periods, and judges whether they are enough for a model. */
export async function readSteps(ctx: Needs<"db" | "config">, question: Question): Promise<Reading> {
  const { asked, chosen, period, history, heard } = question;
  const days = chosen === null ? [] : await readDays(ctx, chosen, asked.dimensions);
  const [first_day, data_through] = [days[0]?.date ?? null, days.at(-1)?.date ?? null];
  if (chosen === null || data_through === null) {
    const reason = question.unrecorded ??
      `There is no reading of ${nameOf(question)} in the last ${TERMS[period].history_days} days`;
    return { reason, facts: { first_day, data_through, complete: false, warnings: [], history_periods: 0 } };
  }
  const { kind, metric_name: name } = chosen;
  const calendar = calendarOf(ctx.config);
  const steps = stepsOf({ kind, days, period, calendar, end_date: history.end_date, heard });
  const facts = {
    ...{ first_day, data_through, complete: steps.silent_days === 0 },
    ...{ warnings: warningsOf(steps, question), history_periods: steps.values.length },
  };
  const silent_days = daysBetween(kind === "sample" ? data_through : heard ?? data_through, history.end_date);
  const reason = lack({ steps, period, silent_days, name });
  return reason === null ? { reason, steps, name, facts } : { reason, facts };
}

function warningsOf({ kind, values, readings, silent_days }: Steps, { period }: Question): string[] {
  const warnings: string[] = [];
  const filled = values.length - readings;
  if (kind === "sample" && filled > 0) {
    warnings.push(`${plural(filled, period)} without a reading filled in between neighbours`);
  }
  if (silent_days > 0) {
    const before = period === "day" ? "today" : `the running ${period}`;
    warnings.push(`${plural(silent_days, period)} before ${before} without a reading: the forecast reaches over them`);
  }
  return warnings;
}
