import type { GoalStatus } from "../../db/schema/enums.ts";
import { addDays, daysBetween } from "../days.ts";
import type { Aggregation, Direction, PaceState } from "./schema.ts";

/** What a goal promises: from a baseline to a target within a window of local days, both inclusive. */
export type GoalTerms = {
  direction: Direction;
  baseline_value: number;
  target_value: number;
  start_date: string;
  end_date: string;
  /** What a series amounts to; null or absent for a goal that is fed by hand. */
  aggregation?: Aggregation | null;
};

/** Days of a window with a known value, and how many of them lay between baseline and target. */
export type BandDays = { inside: number; days: number };

/** Where a goal stands: its value and, for one to maintain, its days. */
export type Measure = { value: number; band: BandDays | null };

/** What progress is judged by: the local date, the status, and what share had been booked by now a year ago. */
export type Occasion = { today: string; status: GoalStatus; booked_last_year: number | null };

/** How far a goal is, how far it should be, and what is left. Values in the goal's unit, shares in percent. */
export type ProgressFigures = {
  progress_percentage: number;
  remaining_value: number | null;
  total_days: number;
  days_elapsed: number;
  days_remaining: number;
  expected: number;
  expected_basis: "linear" | "last_year";
  pace: number | null;
  pace_state: PaceState;
  on_track: boolean;
  daily_required_progress: number | null;
  projected_completion_date: string | null;
};

/** Percentages stop here, so that a target a hair from its baseline cannot make them infinite. */
const MOST_PERCENT = 1e9;
/** Of a value, what adding up a great many readings may have lost. */
const ROUNDING = 1e-12;
const ON_TRACK = 0.95;
const AT_RISK = 0.75;
const LAST_DAY = "2100-12-31";

/**
 * Progress in percent: (current − baseline) / (target − baseline), which is the same number for both directions, or the
 * share of known days inside the band for a goal to maintain. May be negative and may exceed 100.
 */
export function progressPercentage({ direction, baseline_value, target_value }: GoalTerms, measure: Measure): number {
  if (direction === "maintain") return bandPercentage(measure.band);
  return bounded((100 * (measure.value - baseline_value)) / (target_value - baseline_value));
}

/** Whether the value is a total of the window: it begins at 0, whatever the baseline, and grows. */
export function isTotal({ aggregation }: Pick<GoalTerms, "aggregation">): boolean {
  return aggregation === "sum" || aggregation === "count";
}

/** A total that should stay low: met from its first day on, and once missed met no more. */
export function isCeiling(terms: Pick<GoalTerms, "aggregation" | "direction">): boolean {
  return terms.direction === "decrease" && isTotal(terms);
}

/** Whether the goal is met as it stands. Compares values, so that rounding of the percentage decides nothing. */
export function isReached(terms: GoalTerms, { value, band }: Measure): boolean {
  if (terms.direction !== "maintain") return meets(terms, value);
  return band !== null && band.days > 0 && band.inside === band.days;
}

/** Whether a value has come up or down to the target; the rounding of sums and means decides nothing: 3 · 33.3… are 100. */
export function meets(
  { direction, target_value }: Pick<GoalTerms, "direction" | "target_value">,
  value: number,
): boolean {
  const rounding = ROUNDING * Math.abs(target_value);
  return direction === "decrease" ? value <= target_value + rounding : value >= target_value - rounding;
}

/** Whether a value lies between baseline and target, both included, where rounding decides as little. */
export function isInside({ baseline_value, target_value }: GoalTerms, value: number): boolean {
  const [low, high] = [Math.min(baseline_value, target_value), Math.max(baseline_value, target_value)];
  return value >= low - ROUNDING * Math.abs(low) && value <= high + ROUNDING * Math.abs(high);
}

/** Days that are left for what must still come, today among them: of a total only those of its window. */
export function daysToGo(terms: GoalTerms, today: string): number {
  const from = isTotal(terms) && today < terms.start_date ? terms.start_date : today;
  return Math.max(0, daysBetween(from, terms.end_date) + 1);
}

/**
 * Everything that the progress endpoint tells.
 *
 * Today counts as a day that is left, not as one that has passed: total = elapsed + remaining while the window runs.
 * Expected is the progress of the value that is due by now: of a total its share of the target, of a level its share of
 * the way from the baseline. The share is linear in elapsed days, unless last year's is given; an average does not grow
 * with the days, so the whole target is due after the first; of a goal to maintain every day is expected. The projection
 * carries on the average speed since the start.
 */
export function progressFigures(terms: GoalTerms, measure: Measure, occasion: Occasion): ProgressFigures {
  const { today, booked_last_year } = occasion;
  const progress_percentage = progressPercentage(terms, measure);
  const total_days = daysBetween(terms.start_date, terms.end_date) + 1;
  const days_elapsed = Math.min(total_days, Math.max(0, daysBetween(terms.start_date, today)));
  const days_remaining = Math.max(0, daysBetween(today, terms.end_date) + 1);
  const linear = isMean(terms) ? Math.min(1, days_elapsed) : days_elapsed / total_days;
  const due = onTheWay(terms, booked_last_year ?? linear);
  const expected = terms.direction === "maintain"
    ? (measure.band?.days ?? 0) > 0 ? 100 : 0
    : progressPercentage(terms, { value: due, band: null });
  const pace = paceOf(terms, { made: measure.value, due }, { made: progress_percentage, due: expected });
  const met = isReached(terms, measure);
  const pace_state = isCeiling(terms) && !met ? "at_risk" : paceState(pace);
  const remaining_value = remaining(terms, measure);
  const open = occasion.status === "active" && days_remaining > 0 && !met && !isCeiling(terms) && !isMean(terms);
  const toGo = open ? remaining_value : null;
  return {
    progress_percentage,
    remaining_value,
    ...{ total_days, days_elapsed, days_remaining, expected },
    expected_basis: booked_last_year === null ? "linear" : "last_year",
    ...{ pace, pace_state, on_track: pace_state === "on_track" },
    daily_required_progress: toGo === null ? null : toGo / daysToGo(terms, today),
    projected_completion_date: toGo === null ? null : projection(terms, measure, { toGo, days_elapsed, today }),
  };
}

/** Whether the value is an average, which has no speed: more days do not make it more. */
const isMean = ({ aggregation }: GoalTerms) => aggregation === "avg";

/** Where a value begins. */
const origin = (terms: GoalTerms) => isTotal(terms) ? 0 : terms.baseline_value;

/** The value after a share of the way, from 0 to 1. */
function onTheWay(terms: GoalTerms, share: number): number {
  return origin(terms) + share * (terms.target_value - origin(terms));
}

type Made = { made: number; due: number };

/**
 * What was made of what is due; null while nothing is due. Of a total that grows by its values, as it begins at 0: taken
 * from its baseline on, nothing would be due before the total should be past that. Of anything else by its progress.
 */
function paceOf(terms: GoalTerms, value: Made, progress: Made): number | null {
  const grows = isTotal(terms) && terms.direction === "increase" && value.due > 0;
  const { made, due } = grows ? value : progress;
  return due > 0 ? bounded(made / due) : null;
}

/** Nothing expected yet is on track. A billionth of slack, so that 19 of 20 is 0.95. */
function paceState(pace: number | null): PaceState {
  if (pace === null || pace >= ON_TRACK - 1e-9) return "on_track";
  return pace >= AT_RISK - 1e-9 ? "behind" : "at_risk";
}

function remaining({ direction, target_value }: GoalTerms, { value }: Measure): number | null {
  if (direction === "maintain") return null;
  return Math.max(0, direction === "increase" ? target_value - value : value - target_value);
}

type Way = { toGo: number; days_elapsed: number; today: string };

/** The day of arrival at the average speed so far; null while there is no speed, or past the end of the calendar. */
function projection(terms: GoalTerms, { value }: Measure, { toGo, days_elapsed, today }: Way): string | null {
  const made = terms.direction === "decrease" ? origin(terms) - value : value - origin(terms);
  if (!(made > 0) || days_elapsed === 0) return null;
  const needed = Math.ceil((toGo * days_elapsed) / made - 1e-9);
  return needed <= daysBetween(today, LAST_DAY) ? addDays(today, needed - 1) : null;
}

function bandPercentage(band: BandDays | null): number {
  return band === null || band.days === 0 ? 0 : (100 * band.inside) / band.days;
}

/** NaN and −0 become 0. */
function bounded(x: number): number {
  return Math.min(MOST_PERCENT, Math.max(-MOST_PERCENT, x || 0));
}
