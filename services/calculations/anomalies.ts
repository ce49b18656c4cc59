import type { TrendInterval } from "../analytics/trend.ts";
import type { Needs } from "../context.ts";
import { type ScoredValue, seasonalResidualScores, zScoreAnomalies } from "../math/mod.ts";
import {
  type Anomaly,
  type AnomalyDetection,
  type AnomalyDetectionRequest,
  DEFAULT_THRESHOLDS,
  type Severity,
  SEVERITY_SCORES,
} from "./anomaly_schema.ts";
import { leadIn } from "./anomaly_lead.ts";
import { seriesUsed } from "./labels.ts";
import type { Calculated } from "./schema.ts";
import { type PeriodSeries, readAligned } from "./series.ts";
import { digitsApart, inWords, periodsOf } from "./wording.ts";

/** Values that a level and its scale take. */
const FEWEST = { seasonal_residuals: 10, z_score: 3 } as const;

/** Periods to a season, and after how many periods a year has passed. */
const SEASONS: Record<TrendInterval, { season_length: number; recurrences: number[] }> = {
  day: { season_length: 7, recurrences: [364, 365] },
  week: { season_length: 52, recurrences: [52] },
  month: { season_length: 12, recurrences: [12] },
  quarter: { season_length: 4, recurrences: [4] },
  year: { season_length: 1, recurrences: [] },
};

/**
 * Finds the periods of a series that stand out, by one of two methods. What is not known is no anomaly. Against season and
 * level the periods of the window are measured together with those of the year before it, as far as these are known.
 * @throws {DomainError} `invalid` as `readAligned`
 */
export async function detectAnomalies(
  ctx: Needs<"db" | "config">,
  request: AnomalyDetectionRequest,
): Promise<Calculated> {
  const { series, window, meta } = await readAligned(ctx, [{ ref: request.series, pointer: "/series" }], request);
  const [one] = series;
  const fewest = FEWEST[request.method];
  const lead = one === undefined || request.method === "z_score" ? [] : await leadIn(ctx, request, window, one);
  const known = (one?.known ?? 0) + lead.filter((value) => value !== null).length;
  if (one === undefined || one.known === 0 || known < fewest) {
    return { status: "insufficient_data", reason: lack(one, fewest, request), meta };
  }
  const threshold = request.threshold ?? DEFAULT_THRESHOLDS[request.method];
  const { scored, warnings, ...more } = scoredBy(request, lead, one.values, threshold);
  const periods = scored.map((value, i) => ({ period: window.periods[i]?.period ?? "", ...value }));
  const anomalies = periods.flatMap((period) => period.score >= threshold ? anomalyOf(period) : [])
    .sort((a, b) => b.score - a.score || (a.period < b.period ? -1 : 1));
  const anomaly_detection: AnomalyDetection = {
    ...{ method: request.method, series: seriesUsed(one), threshold, ...more, anomaly_count: anomalies.length },
    anomalies: anomalies.slice(0, request.max_results),
    scores: request.include_scores ? periods.map(({ kind: _kind, ...period }) => period) : null,
    interpretation: interpretation(anomalies, one, request),
  };
  return {
    status: "ok",
    reason: null,
    anomaly_detection,
    meta: { ...meta, warnings: [...meta.warnings, ...warnings] },
  };
}

type Scored = Pick<AnomalyDetection, "season_length" | "reachable_score"> & {
  scored: ScoredValue[];
  warnings: string[];
};

type Values = readonly (number | null)[];

function scoredBy(
  { method, interval }: AnomalyDetectionRequest,
  lead: Values,
  values: Values,
  threshold: number,
): Scored {
  switch (method) {
    case "seasonal_residuals": {
      const scored = seasonalResidualScores([...lead, ...values], { ...SEASONS[interval], threshold })
        .slice(lead.length);
      const exact = scored.every(({ score, lower, upper }) => score === 0 && lower === upper);
      const warnings = exact ? ["Every value is as expected to the last digit: there is no scale to measure by"] : [];
      return { scored, season_length: SEASONS[interval].season_length, reachable_score: null, warnings };
    }
    case "z_score":
      return byZScore(values, threshold);
  }
}

function byZScore(values: Values, threshold: number): Scored {
  const { mean, stddev, z, reachable, needed } = zScoreAnomalies(values, threshold);
  const known = z.filter((score) => score !== null).length;
  const at = (deviations: number) => mean === null || stddev === null ? null : mean + deviations * stddev;
  const range = { expected: at(0), lower: at(-threshold), upper: at(threshold) };
  const warnings = reachable >= threshold ? [] : [
    `Among ${known} values none can be more than ${reachable.toFixed(2)} standard deviations from their mean, so a ` +
    `threshold of ${threshold} is never reached; it takes ${needed} values`,
  ];
  return {
    ...{ season_length: 1, reachable_score: reachable, warnings },
    scored: values.map((value, i) => {
      const score = z[i] ?? 0;
      const kind = score === 0 ? null : score > 0 ? "spike" as const : "drop" as const;
      return { value, ...range, score: Math.abs(score), kind };
    }),
  };
}

/** A value that is stuck where it was expected is neither above nor below; it counts as above. */
function anomalyOf(
  { period, value, expected, lower, upper, score, kind }: ScoredValue & { period: string },
): Anomaly[] {
  if (kind === null || value === null) return [];
  const direction = expected !== null && value < expected ? "below" as const : "above" as const;
  return [{ period, value, expected, lower, upper, score, direction, severity: severityOf(score), kind }];
}

function severityOf(score: number): Severity {
  if (score >= SEVERITY_SCORES.critical) return "critical";
  if (score >= SEVERITY_SCORES.high) return "high";
  return score >= SEVERITY_SCORES.medium ? "medium" : "low";
}

function lack(series: PeriodSeries | undefined, fewest: number, { interval }: AnomalyDetectionRequest): string {
  if (series === undefined) throw new TypeError("There is a series for every reference");
  if (series.unrecorded !== null) return series.unrecorded;
  const has = series.known === 0 ? "none" : series.known;
  return `It takes ${periodsOf(fewest, interval)} with a value, and ${series.label} has ${has} in this window`;
}

function interpretation([worst, ...others]: Anomaly[], series: PeriodSeries, request: AnomalyDetectionRequest): string {
  const of = `${periodsOf(series.known, request.interval)} of ${series.label}`;
  if (worst === undefined) return `None of ${of} stands out.`;
  const most = `${worst.period} with ${inWords(worst.value, digitsOf(worst))}${whyOf(worst, request.interval)}`;
  return others.length === 0
    ? `1 of ${of} stands out: ${most}.`
    : `${others.length + 1} of ${of} stand out, most of all ${most}.`;
}

/** As many as tell a value from what it is set against. */
function digitsOf({ value, expected, lower, upper, kind }: Anomaly): number {
  const others = kind === "spike" || kind === "drop" ? [lower, upper] : [expected];
  return digitsApart(value, others.filter((other) => other !== null));
}

/** What makes a value stand out: by its size the range that it left, else what it shares with those around it. */
function whyOf(anomaly: Anomaly, interval: AnomalyDetectionRequest["interval"]): string {
  const { expected, lower, upper, kind, direction } = anomaly;
  const words = (value: number) => inWords(value, digitsOf(anomaly));
  switch (kind) {
    case "spike":
    case "drop":
      return lower === null || upper === null ? "" : `, where ${words(lower)} to ${words(upper)} was expected`;
    case "spell":
      return expected === null
        ? ""
        : `, one of several ${interval}s in a row ${direction} the expected, here ${words(expected)}`;
    case "stuck":
      return `, which repeats the ${interval}s before to the last digit`;
    case "level_shift":
      return ` begins a new level${expected === null ? "" : `, from ${words(expected)}`}`;
  }
}
