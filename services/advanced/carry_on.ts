import { z } from "@hono/zod-openapi";
import type { Needs } from "../context.ts";
import { addDays } from "../days.ts";
import { calendarOf, nextPeriod, periodOf } from "../metrics/calendar.ts";
import { refuseUnknownName } from "../metrics/known_name.ts";
import { dayNumber, dayOf } from "../metrics/local_time.ts";
import { date } from "../schema.ts";
import { beyondRange } from "./insufficient.ts";
import { type Known, obtain } from "./kept.ts";
import { type Period, TERMS } from "./periods.ts";
import { type Place, placeOf, type Question } from "./question.ts";
import { Facts, readSteps } from "./reading.ts";
import { levelAfter, restForecast } from "./running_period.ts";
import type { Steps } from "./steps.ts";
import type { Study, StudyInput } from "./study.ts";
import { StoredForecast, StoredStudy } from "./stored_study.ts";

/** What a series says of the periods to come, at every level: what is kept of predictions and forecasts. */
export const CarriedOn = z.strictObject({
  reason: z.string().nullable(),
  facts: Facts,
  found: z.strictObject({
    study: StoredStudy,
    mean_level: z.number(),
    /** Periods between the history and the running one of which nothing is known. */
    skipped: z.number(),
    /** A period of each place in the season, the place of the first value first. */
    season_starts: z.array(date),
    /** The first day of each period told, and what the same period was a year before. */
    ahead: z.array(z.strictObject({ start_date: date, end_date: date, year_before: z.number().nullable() })),
    running: z.strictObject({
      start: date,
      so_far: z.number().nullable(),
      /** The running period is `base` and `weight` times the forecast; null where it is told as a whole. */
      rest: z.strictObject({ base: z.number(), weight: z.number(), forecast: StoredForecast }).nullable(),
      /** Of a level, the periods after the running one, which go on from its end; null where they follow the history. */
      after: StoredForecast.nullable(),
    }),
  }).nullable(),
});
export type CarriedOn = z.infer<typeof CarriedOn>;
/** The part of it that is there with enough history. */
export type Found = NonNullable<CarriedOn["found"]>;

/** The pure part, computed here or in a Worker. */
export type Studies = (input: StudyInput) => Study | null | Promise<Study | null>;

/** Where predictions and forecasts of a question are kept. */
export function placeToCarryOn(
  ctx: Needs<"db" | "config">,
  question: Question,
  horizon: number,
): Promise<Place | null> {
  return placeOf(ctx, question, ["carry on", horizon]);
}

/**
 * Carries a series on by so many periods, from the running one; what was computed for this state of it is used again.
 * @throws {DomainError} `invalid` for a metric name that the service has none of, naming those it has
 */
export async function carryOn(
  ctx: Needs<"db" | "config" | "log">,
  question: Question,
  horizon: number,
  study: Studies,
): Promise<Known<CarriedOn>> {
  const place = await placeToCarryOn(ctx, question, horizon);
  const known = await obtain(ctx, { schema: CarriedOn, place, question }, () => carry(ctx, question, horizon, study));
  if (known.answer.facts.data_through === null) await refuseUnknownName(ctx.db, question.asked);
  return known;
}

/** Reads the series and computes what follows from it. */
export async function carry(
  ctx: Needs<"db" | "config">,
  question: Question,
  horizon: number,
  study: Studies,
): Promise<CarriedOn> {
  const reading = await readSteps(ctx, question);
  if (reading.reason !== null) return { reason: reading.reason, facts: reading.facts, found: null };
  const { steps, name, facts } = reading;
  const { values, starts, running, silent_days } = steps;
  const { frequency, season_length } = TERMS[question.period];
  const { start, so_far, parts } = running;
  const asked = { frequency, season_length, persists: steps.kind === "gauge" };
  const studied = await study({ values, ...asked, skip: silent_days, horizon });
  if (studied === null) return { reason: beyondRange(name), facts, found: null };
  const rest = parts === null ? null : restForecast(parts, { frequency, season_length }, steps.kind);
  return {
    reason: null,
    facts,
    found: {
      study: studied,
      mean_level: values.reduce((sum, value) => sum + value / values.length, 0),
      skipped: silent_days,
      season_starts: starts.slice(0, studied.strengths.season.length),
      ahead: periodsAhead(ctx, question.period, steps, horizon),
      running: {
        ...{ start, so_far },
        rest,
        after: rest === null || steps.kind !== "gauge" || horizon === 1
          ? null
          : levelAfter(values, rest, { ...asked, horizon: horizon - 1 }),
      },
    },
  };
}

function periodsAhead(ctx: Needs<"config">, period: Period, { starts, values, running }: Steps, horizon: number) {
  const calendar = calendarOf(ctx.config);
  const known = new Map(starts.map((start, i) => [start, values[i] ?? null]));
  const ahead: Found["ahead"] = [];
  for (let at = dayNumber(running.start); ahead.length < horizon;) {
    const next = nextPeriod(period, at, calendar);
    const start_date = dayOf(at);
    const before = dayOf(periodOf(period, dayNumber(yearEarlier(period, start_date)), calendar));
    ahead.push({ start_date, end_date: dayOf(next - 1), year_before: known.get(before) ?? null });
    at = next;
  }
  return ahead;
}

/** A day in the same period a year before: of days and weeks 52 weeks before, so that weekdays meet. */
function yearEarlier(period: Period, start: string): string {
  if (period === "day" || period === "week") return addDays(start, -364);
  return addDays(start, period === "year" ? -1 : -351);
}
