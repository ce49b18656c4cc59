import { z } from "@hono/zod-openapi";
import { ANOMALY_KINDS, ANOMALY_THRESHOLD } from "../math/mod.ts";
import { MOST_WINDOW_DAYS } from "../analytics/schema.ts";
import { date, strict, whole, within } from "../schema.ts";
import { SeriesRef, SeriesUsed, windowShape } from "./request.ts";

/** How anomalies are found. */
export const ANOMALY_METHODS = ["seasonal_residuals", "z_score"] as const;
export type AnomalyMethod = typeof ANOMALY_METHODS[number];

/** The score from which a period is an anomaly when the request does not say. */
export const DEFAULT_THRESHOLDS: Record<AnomalyMethod, number> = { seasonal_residuals: ANOMALY_THRESHOLD, z_score: 3 };

/** How far out an anomaly is, and the score at which each band begins. */
export const SEVERITIES = ["low", "medium", "high", "critical"] as const;
export type Severity = typeof SEVERITIES[number];
export const SEVERITY_SCORES: Record<Exclude<Severity, "low">, number> = { medium: 5, high: 7, critical: 10 };

const LEAST_THRESHOLD = 1;
const MOST_THRESHOLD = 20;

/** What anomalies are looked for in. */
export const AnomalyDetectionRequest = strict({
  calculation_type: z.literal("anomaly_detection"),
  series: SeriesRef,
  method: z.enum(ANOMALY_METHODS).default("seasonal_residuals").describe(
    "seasonal_residuals: each period against the level and season around it, on a robust local scale, with what is known " +
      "of the time before the window (of days a year and some), so that what comes back every year is expected; z_score: " +
      "against the mean of the window, in its standard deviations",
  ),
  threshold: within(LEAST_THRESHOLD, MOST_THRESHOLD).optional().describe(
    `The score from which a period is an anomaly: ${DEFAULT_THRESHOLDS.seasonal_residuals} when absent, ` +
      `${DEFAULT_THRESHOLDS.z_score} for z_score. Lower finds more`,
  ),
  max_results: whole(1, 1_000).default(100).describe("Anomalies to answer, those of the largest scores"),
  include_scores: z.boolean().default(false).describe("Whether every period comes with its score"),
  ...windowShape,
}).openapi("AnomalyDetectionRequest", {
  example: {
    calculation_type: "anomaly_detection",
    series: { service_name: "partners_crm", metric_type: "donation" },
  },
});
export type AnomalyDetectionRequest = z.infer<typeof AnomalyDetectionRequest>;

/** One period with what was expected of it. */
const ScoredPeriod = z.strictObject({
  period: date.describe("Its first day"),
  value: z.number().nullable().describe("Null where not known; such a period scores 0"),
  expected: z.number().nullable().describe(
    "Level and season, and what came back after a year; of a level shift, what the level before let expect; of z_score " +
      "the mean. Null where too little is known around it",
  ),
  lower: z.number().nullable().describe("Below it, the size alone makes an anomaly"),
  upper: z.number().nullable().describe("Above it, the size alone makes an anomaly"),
  score: z.number().min(0).describe(
    "On the scale of standard deviations: the strongest of |value − expected| / scale, several periods in a row on one " +
      "side (the weakest of k, times √(k/3)), the same value again and again where that is rare, and a change of level",
  ),
}).openapi("ScoredPeriod");

/** One period that stands out. */
export const Anomaly = z.strictObject({
  ...ScoredPeriod.shape,
  value: z.number(),
  direction: z.enum(["above", "below"]).describe("Of the expected value"),
  severity: z.enum(SEVERITIES).describe(
    `low; medium from a score of ${SEVERITY_SCORES.medium}, high from ${SEVERITY_SCORES.high}, critical from ` +
      `${SEVERITY_SCORES.critical}`,
  ),
  kind: z.enum(ANOMALY_KINDS).describe(
    "spike, drop: by its size; spell: one of several in a row on one side; stuck: the same as the values before, where " +
      "that is rare; level_shift: the first at a level that lasted 15 periods or more",
  ),
}).openapi("Anomaly");
export type Anomaly = z.infer<typeof Anomaly>;

/** What stands out of a series. */
export const AnomalyDetection = z.strictObject({
  method: z.enum(ANOMALY_METHODS),
  series: SeriesUsed,
  threshold: z.number(),
  season_length: z.int().min(1).describe("Periods to a season; 1 where none is looked for"),
  anomaly_count: z.int().min(0).describe("Periods that reach the threshold, whether answered or not"),
  anomalies: z.array(Anomaly).max(1_000).describe("The largest score first"),
  scores: z.array(ScoredPeriod).max(MOST_WINDOW_DAYS).nullable().describe(
    "Every period, the oldest first; null unless include_scores",
  ),
  reachable_score: z.number().nullable().describe(
    "Of z_score: (n − 1)/√n, which is the largest that a score can be among n values (Shiffler 1988); null otherwise",
  ),
  interpretation: z.string(),
}).openapi("AnomalyDetection");
export type AnomalyDetection = z.infer<typeof AnomalyDetection>;
