import { shiftEvidence, spellEvidence, stuckEvidence } from "./anomaly_evidence.ts";
import { anomalyFit } from "./anomaly_fit.ts";

/**
 * What is wrong with a value: far above or below what was expected; one of several in a row on one side; the same as the
 * values before to the last digit; or the first at a new level.
 */
export const ANOMALY_KINDS = ["spike", "drop", "spell", "stuck", "level_shift"] as const;
export type AnomalyKind = typeof ANOMALY_KINDS[number];

/** One value beside what was expected of it. */
export type ScoredValue = {
  value: number | null;
  /**
   * Null where nothing is known for 14 values on either side, before the first known value and after the last. Of a
   * level shift: what the level before let expect.
   */
  expected: number | null;
  /** What stays below the threshold by its size alone. */
  lower: number | null;
  upper: number | null;
  /** On the scale of standard deviations: what speaks most for an anomaly. 0 for a value that is not known. */
  score: number;
  /** What speaks most for it; null at a score of 0. */
  kind: AnomalyKind | null;
};

/** How values are scored. */
export type AnomalyQuestion = {
  /** Values to a season: 7 for days, 12 for months, 1 for none. */
  season_length: number;
  /** After how many values something comes back that is no fault, such as a holiday: [364, 365] for days. */
  recurrences?: readonly number[];
  /** The score at which the expected range ends. */
  threshold: number;
};

/** The score from which a value is an anomaly when nothing else is said. */
export const ANOMALY_THRESHOLD = 3.5;

/**
 * Scores each value of a series by how far it is from level and season, on a local robust scale.
 *
 * Values that are never negative are compared by their square roots, unless these bend them (`anomalyFit`). What came
 * back after a recurrence, on the same side, is expected. Constants and a single value score 0; so do null and values
 * that are not finite.
 * @example
 * ```ts
 * const week = [50, 52, 51, 53, 60, 20, 18];
 * const days = Array.from({ length: 70 }, (_, i) => (week[i % 7] ?? 0) + (i === 40 ? 30 : i % 3));
 * const scored = seasonalResidualScores(days, { season_length: 7, threshold: 3.5 });
 * scored.findIndex(({ score }) => score >= 3.5); // 40
 * scored[40]?.kind; // "spike"
 * ```
 */
export function seasonalResidualScores(
  values: readonly (number | null)[],
  question: AnomalyQuestion,
): ScoredValue[] {
  const known = values.map((value) => value !== null && Number.isFinite(value) ? value : null);
  const first = Math.max(0, known.findIndex((value) => value !== null));
  const scored = scoresWithin(known.slice(first, known.findLastIndex((value) => value !== null) + 1), question);
  return known.map((_, i) => scored[i - first] ?? UNKNOWN);
}

const UNKNOWN: ScoredValue = { value: null, expected: null, lower: null, upper: null, score: 0, kind: null };

/** @param known from the first value that is known to the last, for towards its ends a level is carried on */
function scoresWithin(
  known: readonly (number | null)[],
  { season_length, recurrences = [], threshold }: AnomalyQuestion,
): ScoredValue[] {
  const { base, scale, back, scores: measured } = anomalyFit(known, season_length);
  const { scores, excused } = withRecurrences(measured, recurrences, scale);
  const deseasonalised = base.residuals.map((residual, i) => sumOf(residual, base.level[i]));
  const shifts = shiftEvidence(base.level, deseasonalised, scale);
  const [spells, stuck] = [spellEvidence(scores), stuckEvidence(known)];
  return known.map((value, i) => {
    const [signed, spell, same, shift] = [scores[i] ?? 0, spells[i] ?? 0, stuck[i] ?? 0, shifts.evidence[i] ?? 0];
    const found = strongest({ value, signed, spell, same, shift });
    const before = found.kind === "level_shift" ? sumOf(shifts.before[i], base.pattern[i]) : null;
    const place = before ?? sumOf(base.expected[i], excused[i]);
    const reach = Math.max(0, threshold) * (scale[i] ?? 0);
    const at = (deviation: number) => place === null ? null : back(place + deviation);
    return { value, expected: at(0), lower: at(-reach), upper: at(reach), ...found };
  });
}

type Evidences = { value: number | null; signed: number; spell: number; same: number; shift: number };

/** Of equal evidence, the kind that says more. */
function strongest({ value, signed, spell, same, shift }: Evidences): Pick<ScoredValue, "score" | "kind"> {
  const score = value === null ? 0 : Math.max(Math.abs(signed), spell, same, Math.abs(shift));
  if (score === 0) return { score, kind: null };
  if (Math.abs(shift) === score) return { score, kind: "level_shift" };
  if (same === score) return { score, kind: "stuck" };
  if (spell > Math.abs(signed)) return { score, kind: "spell" };
  return { score, kind: signed > 0 ? "spike" : "drop" };
}

const USUAL = 1.5;

/** Takes from each score what the score on the same side before or after a recurrence has above the usual. */
function withRecurrences(scores: readonly number[], recurrences: readonly number[], scale: readonly number[]) {
  const explained = scores.map((score, i) => {
    const side = Math.sign(score);
    const others = recurrences.flatMap((lag) => [scores[i - lag] ?? 0, scores[i + lag] ?? 0]);
    const back = Math.max(0, ...others.map((other) => side * other));
    return side * Math.min(Math.abs(score), Math.max(0, back - USUAL));
  });
  return {
    scores: scores.map((score, i) => score - (explained[i] ?? 0)),
    /** In units of the values. */
    excused: explained.map((score, i) => score * (scale[i] ?? 0)),
  };
}

function sumOf(a: number | null | undefined, b: number | null | undefined): number | null {
  return a === null || a === undefined || b === null || b === undefined ? null : a + b;
}
