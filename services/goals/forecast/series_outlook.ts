import { addDays, daysBetween } from "../../days.ts";
import { linearFit, type Paths } from "../../math/mod.ts";
import { MOST_DAYS_AHEAD, type Outlook } from "../forecast_schema.ts";
import { meets } from "../progress.ts";
import { bandDays, everyDay, measured } from "../window.ts";
import { conclude } from "./conclude.ts";
import type { OutlookInput, SeriesSource } from "./input.ts";
import { along, bookedBy, type Journey, valuesAt } from "./journey.ts";
import { noOutlook } from "./no_outlook.ts";
import type { Certain } from "./odds.ts";
import { PATHS, seriesPaths } from "./series_paths.ts";
import { inWeeks, type KnownDays, knownDays, type Looked, lookedAt, MOST_STEPS, stepDays } from "./steps.ts";

/** Complete days of a flow, or days with a reading of anything else, that a forecast needs. */
const NEEDED_DAYS = 14;
/** How many times its length a history is carried on, at most. */
const MOST_STRETCH = 4;
/** A series that has been silent for longer says nothing about tomorrow. */
const LONGEST_SILENCE_DAYS = 60;

/** The outlook of a goal that a series feeds. */
export function seriesOutlook(asked: OutlookInput, source: SeriesSource): Outlook {
  const { terms, today } = asked;
  const looked = lookedAt(source, asked);
  const input = { ...asked, current_value: measured(terms, source, today).value };
  const known = knownDays(looked, source.heard, today);
  const { from, silent_days } = known;
  const { gathering } = looked;
  const days_per_step = stepDays(known, terms, gathering);
  const values = days_per_step === 1 ? known.values : inWeeks(known, gathering);
  const { start_date, baseline_value: nothing } = terms;
  const booked = bookedBy(looked, { start_date, from });
  const journey: Journey = { gathering, start_date, today, days_per_step, from, booked, nothing };
  const said = {
    ...{ current_value: input.current_value, data_through: source.days.at(-1)?.date ?? null },
    linear_projection: line(journey, values, terms.end_date),
    n_history: values.length,
    warnings: silence(silent_days),
  };
  const lack = lacking(source, known, { ...terms, today, days_per_step });
  if (lack !== null) return { ...noOutlook(lack), ...said };
  const question = { ...stepsOf(days_per_step), persists: source.kind === "gauge" };
  const simulate = (end: string) => seriesPaths(values, { ...question, ...drawn(asked, journey, end) });
  const found = simulate(terms.end_date);
  if (found === null) return { ...noOutlook({ status: "insufficient_history", reason: "No value is known" }), ...said };
  const growing = gathering === "total" && found.forecast.floor === 0 && terms.direction === "increase";
  const certain = certainty(input, looked, from, found.forecast.floor === 0);
  const beyond = () => simulate(addDays(today, MOST_DAYS_AHEAD))?.paths ?? null;
  return {
    ...{
      status: "ok",
      reason: null,
      ...said,
      model: days_per_step === 7 ? "weekly_paths" : "daily_paths",
      paths: PATHS,
    },
    ...conclude(input, { journey, paths: found.paths, certain, growing, beyond }),
  };
}

function stepsOf(days_per_step: 1 | 7) {
  return days_per_step === 1
    ? { frequency: "daily" as const, season_length: 7 }
    : { frequency: "weekly" as const, season_length: 52 };
}

function drawn({ seed }: OutlookInput, { from, days_per_step, gathering }: Journey, end: string) {
  const horizon = Math.min(MOST_STEPS, Math.max(1, Math.ceil((daysBetween(from, end) + 1) / days_per_step)));
  return { seed, gathering, horizon };
}

/** The final value on the straight line through the history. */
function line(journey: Journey, values: readonly number[], end: string): number | null {
  const fit = linearFit(values.map((_, i) => i), values);
  if (fit === null) return null;
  const steps = Math.ceil((daysBetween(journey.from, end) + 1) / journey.days_per_step);
  const least = values.every((value) => value >= 0) ? 0 : -Infinity;
  const ahead = Array.from(
    { length: Math.max(0, steps) },
    (_, k) => Math.max(least, fit.intercept + fit.slope * (values.length + k)),
  );
  const path: Paths = { count: 1, steps: ahead.length, values: Float64Array.from(ahead) };
  const [value = null] = valuesAt(journey, along(journey, path), end);
  return value;
}

type Asked = OutlookInput["terms"] & { today: string; days_per_step: 1 | 7 };

/** What is missing before anything can be simulated, if something is. */
function lacking({ name, kind }: SeriesSource, { values, readings, silent_days, from }: KnownDays, asked: Asked) {
  const { end_date, today, days_per_step } = asked;
  const insufficient = (reason: string) => ({ status: "insufficient_history" as const, reason });
  const days = values.length;
  if (days === 0) return insufficient(`There is no reading of ${name} before ${today}`);
  const there = kind === "flow" ? days : readings;
  if (there < NEEDED_DAYS) {
    const what = kind === "flow" ? "complete days of history" : "days with a reading";
    return insufficient(`${NEEDED_DAYS} ${what} are needed, and ${name} has ${there}`);
  }
  if (silent_days > LONGEST_SILENCE_DAYS) {
    return insufficient(`The last reading of ${name} is over ${LONGEST_SILENCE_DAYS} days old`);
  }
  const ahead = daysBetween(from, end_date) + 1;
  if (ahead > MOST_STEPS * days_per_step) {
    const reach = days_per_step === 7 ? `${MOST_STEPS} weeks away` : `${MOST_STEPS} days away, too far to judge a band`;
    return { status: "out_of_range" as const, reason: `The end is more than ${reach}` };
  }
  if (ahead > MOST_STRETCH * days) {
    const needed = Math.ceil(ahead / MOST_STRETCH);
    return insufficient(`${needed} days of history are needed for an end ${ahead} days away, and ${name} has ${days}`);
  }
  return null;
}

/** A total that never falls stays above what it has passed; a band that was left is left. */
function certainty(
  { terms, current_value }: OutlookInput,
  { gathering, kind, days }: Looked,
  from: string,
  grows: boolean,
) {
  const { direction, start_date } = terms;
  const certain = (met: boolean): Certain => met ? "met" : "missed";
  if (direction === "maintain") {
    const judged = everyDay(days, { start: start_date, end: addDays(from, -1), carry: kind === "gauge" });
    const band = bandDays(terms, judged);
    return band.inside < band.days ? certain(false) : null;
  }
  if (gathering !== "total" || !grows) return null;
  const met = meets(terms, current_value);
  return met === (direction === "increase") ? certain(met) : null;
}

function silence(silent_days: number): string[] {
  if (silent_days === 0) return [];
  const days = silent_days === 1 ? "1 day" : `${silent_days} days`;
  return [`${days} before today without a reading: simulated like the days ahead`];
}
