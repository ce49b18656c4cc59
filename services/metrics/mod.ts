/**
 * The verbs of metrics. Other slices use `ingestMetrics`, `dailySeries` and `periodTotals`.
 * @module
 */
export { defineMetric, getCatalog } from "./catalog.ts";
export {
  chooseSeries,
  type ChosenSeries,
  type DailySeries,
  dailySeries,
  DATE_SLACK,
  type Day,
  readDays,
  type SeriesQuery,
} from "./daily_series.ts";
export { type Ingested, ingestMetrics, type IngestOptions } from "./ingest.ts";
export type { Rejection } from "./sent_rows.ts";
export { type PeriodQuery, type PeriodTotal, type PeriodTotals, periodTotals } from "./period_totals.ts";
export { readRows, type SentRows } from "./batch.ts";
export { getStatistics } from "./statistics.ts";
export { createMetric, deleteMetric, getMetric, listMetrics } from "./stored.ts";
export { getSummaries } from "./summaries.ts";
export { getTimeSeries } from "./time_series.ts";
