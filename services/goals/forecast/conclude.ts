import { addDays, daysBetween } from "../../days.ts";
import type { Paths } from "../../math/mod.ts";
import { MOST_DAYS_AHEAD, type Outlook } from "../forecast_schema.ts";
import { daysToGo, meets } from "../progress.ts";
import { advise } from "./advice.ts";
import type { OutlookInput } from "./input.ts";
import { along, type Journey, valuesAt } from "./journey.ts";
import { type Certain, fanOf, halfReached, shareReached, staysInside } from "./odds.ts";

/** A goal with the paths it may take. */
export type Simulated = {
  journey: Journey;
  /** Up to the end, at least. */
  paths: Paths;
  /** What is certain whatever comes. */
  certain: Certain;
  /** Whether no day ahead can take anything away. */
  growing: boolean;
  /** The same paths, longer; null where the days beyond the end cannot be simulated. */
  beyond: () => Paths | null;
};

type Figures = Pick<
  Outlook,
  | "probability"
  | "forecast_value"
  | "projected_completion_date"
  | "daily_required"
  | "daily_forecast"
  | "recommended_action"
  | "fan"
>;

/** What the paths of a goal amount to. */
export function conclude(input: OutlookInput, simulated: Simulated): Figures {
  const { terms, today, current_value } = input;
  const { journey, certain } = simulated;
  const paths = along(journey, simulated.paths);
  const ends = valuesAt(journey, paths, terms.end_date);
  const reached = terms.direction === "maintain"
    ? keptBand(input, simulated)
    : Array.from(ends, (value) => meets(terms, value));
  const probability = shareReached(reached, { certain, alike: areAlike(ends) });
  const fan = fanOf(today, terms.end_date, (date) => valuesAt(journey, paths, date));
  const forecast_value = fan.at(-1)?.median ?? null;
  const ceiling = terms.direction === "decrease" && journey.gathering === "total";
  const met = terms.direction !== "maintain" && meets(terms, current_value);
  const rates = dailyRates(input, { journey, forecast_value, ceiling, met });
  return {
    ...{ probability, forecast_value },
    projected_completion_date: ceiling || terms.direction === "maintain" ? null : completion(input, simulated, paths),
    ...rates,
    recommended_action: advise({ probability, forecast_value, ...rates, terms, reached: met, ceiling }),
    fan,
  };
}

/** Whether all paths end at the same value but for rounding, as those of a series that never varied. */
function areAlike(ends: Float64Array): boolean {
  const [least, most] = ends.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [Infinity, -Infinity]);
  return most - least <= 1e-9 * Math.max(Math.abs(most), Math.abs(least));
}

/** Whether the days ahead that count stay inside the band, for each path. */
function keptBand({ terms }: OutlookInput, { journey: { from }, paths }: Simulated): boolean[] {
  const first = Math.max(0, daysBetween(from, terms.start_date));
  return staysInside(terms, paths, { first, last: daysBetween(from, terms.end_date) });
}

function completion({ terms, today }: OutlookInput, simulated: Simulated, paths: Paths): string | null {
  const { journey, beyond, growing } = simulated;
  const latest = addDays(today, MOST_DAYS_AHEAD);
  const from = today < terms.start_date ? terms.start_date : today;
  const to = terms.end_date < latest ? terms.end_date : latest;
  const inside = halfReached(terms, { from, to, growing }, (date) => valuesAt(journey, paths, date));
  if (inside !== null || to === latest) return inside;
  const longer = beyond();
  if (longer === null) return null;
  const course = along(journey, longer);
  const after = { from: addDays(to, 1), to: latest, growing };
  return halfReached(terms, after, (date) => valuesAt(journey, course, date));
}

type Rated = { journey: Journey; forecast_value: number | null; ceiling: boolean; met: boolean };

/** What a day must bring, and what it is expected to bring, where the goal's value grows by the day. */
function dailyRates({ terms, today, current_value }: OutlookInput, { journey, forecast_value, ceiling, met }: Rated) {
  const days = daysToGo(terms, today);
  const means = journey.gathering === "mean" || terms.direction === "maintain";
  if (means || days < 1) return { daily_required: null, daily_forecast: null };
  const open = ceiling ? met : !met;
  return {
    daily_required: open ? (terms.target_value - current_value) / days : null,
    daily_forecast: forecast_value === null ? null : (forecast_value - current_value) / days,
  };
}
