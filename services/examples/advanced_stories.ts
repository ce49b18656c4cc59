import type { Story } from "./schema.ts";

/** What comes next, what hangs together, what stands out. */
export const ADVANCED_STORIES: readonly Story[] = [
  {
    name: "get-forecasts",
    title: "Forecast the donations of this month and the next five, and what a year before was like",
    request: {
      method: "POST",
      path: "/api/v1/advanced/forecasts",
      body: {
        ...{ service_name: "partners_crm", metric_type: "donation", metric_name: "donation_received" },
        ...{ period: "month", periods: 6, confidence_level: 0.8 },
      },
    },
    expected: { status: 200, shows: { period: "month", periods: 6, confidence_level: 0.8 } },
  },
  {
    name: "backtest",
    title: "How well two weeks of donations would have been forecast, eight times in the past",
    request: {
      method: "POST",
      path: "/api/v1/advanced/backtest",
      body: {
        ...{ service_name: "partners_crm", metric_type: "donation", metric_name: "donation_received" },
        ...{ period: "day", horizon: 14, origins: 8, levels: [0.8, 0.95] },
      },
    },
    expected: { status: 200, shows: { period: "day", horizon: 14 } },
  },
  {
    name: "correlate-series",
    title: "Whether weeks with more posts are weeks with more donations, and which comes first",
    request: {
      method: "POST",
      path: "/api/v1/advanced/calculate",
      body: {
        calculation_type: "correlation",
        series: [
          { service_name: "partners_crm", metric_type: "donation" },
          { service_name: "social_media", metric_type: "social_post", metric_name: "post_published" },
        ],
        interval: "week",
        max_lag: 4,
      },
    },
    expected: { status: 200, shows: { calculation_type: "correlation" } },
  },
  {
    name: "find-anomalies",
    title: "Days whose donations are not what weekday, season and level let expect",
    request: {
      method: "POST",
      path: "/api/v1/advanced/calculate",
      body: {
        calculation_type: "anomaly_detection",
        series: { service_name: "partners_crm", metric_type: "donation", metric_name: "donation_received" },
        start_date: "2025-01-01",
        end_date: "2025-12-31",
      },
    },
    expected: { status: 200, shows: { calculation_type: "anomaly_detection" } },
  },
  {
    name: "cluster-donors",
    title: "Kinds of donors of 2025, by how much and how often they gave",
    request: {
      method: "POST",
      path: "/api/v1/advanced/calculate",
      body: {
        calculation_type: "clustering",
        entity: "partner_id",
        features: ["sum", "count"].map((aggregation) => ({
          ...{ service_name: "partners_crm", metric_type: "donation", metric_name: "donation_received", aggregation },
        })),
        start_date: "2025-01-01",
        end_date: "2025-12-31",
      },
    },
    expected: { status: 200, shows: { calculation_type: "clustering" } },
  },
  {
    name: "compare-campaigns",
    title: "Campaigns of 2025 beside each other: who leads, by how much, and whether that may be chance",
    request: {
      method: "POST",
      path: "/api/v1/advanced/comparisons",
      body: {
        comparison_type: "segment",
        service_name: "partners_crm",
        metric_type: "donation",
        segment_by: "campaign",
        start_date: "2025-01-01",
        end_date: "2025-12-31",
      },
    },
    expected: { status: 200, shows: { comparison_type: "segment", segment_by: "campaign" } },
  },
  {
    name: "goal-odds",
    title: "How likely each active goal is to be reached",
    request: { method: "GET", path: "/api/v1/goals/forecast/all?limit=5" },
    expected: { status: 200, shows: { skip: 0, limit: 5 } },
  },
];
