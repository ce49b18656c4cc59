import { z } from "@hono/zod-openapi";
import { TREND_INTERVALS } from "../analytics/trend.ts";
import { date } from "../schema.ts";
import { AnomalyDetection, AnomalyDetectionRequest } from "./anomaly_schema.ts";
import { Clustering, ClusteringRequest } from "./clustering_schema.ts";
import { Correlation, CorrelationRequest } from "./correlation_schema.ts";
import { Regression, RegressionRequest } from "./regression_schema.ts";

/** The calculations, by name. */
export const CALCULATION_TYPES = ["correlation", "regression", "anomaly_detection", "clustering"] as const;
export type CalculationType = typeof CALCULATION_TYPES[number];

/** What is to be calculated, of which series. */
export const CustomCalculationRequest = z.discriminatedUnion("calculation_type", [
  CorrelationRequest,
  RegressionRequest,
  AnomalyDetectionRequest,
  ClusteringRequest,
])
  .openapi("CustomCalculationRequest", {
    example: {
      calculation_type: "correlation",
      series: [
        { service_name: "partners_crm", metric_type: "donation" },
        { service_name: "social_media", metric_type: "social_post" },
      ],
      interval: "week",
    },
  });
export type CustomCalculationRequest = z.infer<typeof CustomCalculationRequest>;

/** What an answer says about itself. */
export const CalculationMeta = z.strictObject({
  period: z.strictObject({
    start_date: date,
    end_date: date.describe("Inclusive"),
    timezone: z.string(),
    complete: z.boolean().describe("Whether its last day is over"),
  }),
  interval: z.enum(TREND_INTERVALS),
  periods: z.int().min(0).describe("Complete periods of the window"),
  left_out: z.int().min(0).describe("Periods of the window that are not over, or that it cuts: left out"),
  data_through: z.string().nullable().describe("Instant of the latest reading of these series, in the window or not"),
  warnings: z.array(z.string()),
}).openapi("CalculationMeta");
export type CalculationMeta = z.infer<typeof CalculationMeta>;

const orNull = <Schema extends z.ZodType>(schema: Schema) => z.union([schema, z.null()]);

/** What was calculated: the one result that was asked for, or why there is none. */
export const CustomCalculationResponse = z.strictObject({
  calculation_type: z.enum(CALCULATION_TYPES),
  status: z.enum(["ok", "insufficient_data"]),
  reason: z.string().nullable().describe("What is missing, where there is no result"),
  correlation: orNull(Correlation),
  regression: orNull(Regression),
  anomaly_detection: orNull(AnomalyDetection),
  clustering: orNull(Clustering),
  meta: CalculationMeta,
}).openapi("CustomCalculationResponse", {
  description: "The result stands in the field of its calculation_type; the other three are null",
});
export type CustomCalculationResponse = z.infer<typeof CustomCalculationResponse>;

/** What one calculation says: its status, its result and what it rests on. */
export type Calculated =
  & Partial<CustomCalculationResponse>
  & Pick<CustomCalculationResponse, "status" | "reason" | "meta">;
