import { addDays, daysBetween } from "../../days.ts";
import { driftPaths, linearFit, seededUniforms } from "../../math/mod.ts";
import { MOST_DAYS_AHEAD, type Outlook } from "../forecast_schema.ts";
import { bandDays, everyDay, type SeriesDay } from "../window.ts";
import { conclude } from "./conclude.ts";
import type { HandSource, OutlookInput } from "./input.ts";
import type { Journey } from "./journey.ts";
import { noOutlook } from "./no_outlook.ts";
import { PATHS } from "./series_paths.ts";
import { MOST_STEPS } from "./steps.ts";

/** Days with a reading that a probability needs. */
const NEEDED_READINGS = 5;

/** The outlook of a goal fed by hand: each reading is its value at the end of that day. */
export function handOutlook(input: OutlookInput, { days }: HandSource): Outlook {
  const { terms, today, current_value } = input;
  const readings = days.flatMap(({ date, value }) => value === null || date > today ? [] : [{ date, value }]);
  const last = readings.at(-1);
  const said = {
    ...{ current_value, data_through: last?.date ?? null, n_history: readings.length, warnings: [] },
    linear_projection: line(input, readings),
  };
  const few = `${NEEDED_READINGS} days with a reading are needed, and there are ${readings.length}`;
  if (last === undefined || readings.length < NEEDED_READINGS) {
    const advice = { code: "record_readings" as const, text: `Record the value on ${NEEDED_READINGS} days or more.` };
    return { ...noOutlook({ status: "insufficient_history", reason: few }), ...said, recommended_action: advice };
  }
  const days_per_step = daysBetween(last.date, terms.end_date) > MOST_STEPS ? 7 : 1;
  const from = addDays(last.date, 1);
  const levels = readings.map(({ date, value }) => ({ at: daysBetween(readings[0]?.date ?? date, date), value }));
  const simulate = (end: string) =>
    driftPaths(levels, {
      ...{ count: PATHS, step: days_per_step, uniform: seededUniforms(input.seed) },
      steps: Math.max(0, Math.ceil((daysBetween(from, end) + 1) / days_per_step)),
    });
  const paths = simulate(terms.end_date);
  if (paths === null) {
    return { ...noOutlook({ status: "out_of_range", reason: "The readings are too large" }), ...said };
  }
  const booked = { sum: 0, n: 0, running: { sum: 0, n: 0 }, daily_n: [], level: last.value };
  const { start_date, baseline_value: nothing } = terms;
  const journey: Journey = { gathering: "level", start_date, today, days_per_step, from, booked, nothing };
  const certain = terms.direction === "maintain" && hasLeft(input, days, last.date) ? "missed" : null;
  const beyond = () => simulate(addDays(today, MOST_DAYS_AHEAD));
  return {
    ...{ status: "ok", reason: null, ...said, model: "drift_between_readings", paths: PATHS },
    ...conclude(input, { journey, paths, certain, growing: false, beyond }),
  };
}

/** Whether a known day of the window lies outside the band; each reading holds until the next. */
function hasLeft({ terms }: OutlookInput, days: readonly SeriesDay[], end: string): boolean {
  const band = bandDays(terms, everyDay(days, { start: terms.start_date, end, carry: true }));
  return band.inside < band.days;
}

/** The final value on the line through the readings; from the baseline through the last of one or two. */
function line({ terms }: OutlookInput, readings: readonly { date: string; value: number }[]): number | null {
  const end = daysBetween(terms.start_date, terms.end_date);
  const points = readings.map(({ date, value }) => ({ day: daysBetween(terms.start_date, date), value }));
  const fit = linearFit(points.map(({ day }) => day), points.map(({ value }) => value));
  if (fit !== null) return fit.intercept + fit.slope * end;
  const last = points.at(-1);
  if (last === undefined || last.day <= 0) return null;
  return terms.baseline_value + ((last.value - terms.baseline_value) * end) / last.day;
}
