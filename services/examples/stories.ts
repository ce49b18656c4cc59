import type { Example } from "./schema.ts";

/** An example without its curl, which depends on where the service is. */
export type Story = Omit<Example, "curl">;

const AUTHOR = "123e4567-e89b-12d3-a456-426614174000";

/** The four calls of the quick start come first; each of these is executed by the tests. */
export const STORIES: readonly Story[] = [
  {
    name: "generate-report",
    title: "Generate a report",
    request: {
      method: "POST",
      path: "/api/v1/reports/generate",
      body: {
        name: "Monthly Metrics Report",
        report_type: "monthly",
        format: "json",
        parameters: { month: "2025-12" },
        created_by: AUTHOR,
      },
    },
    expected: { status: 201, shows: { status: "completed", period_start: "2025-12-01", period_end: "2025-12-31" } },
  },
  {
    name: "create-goal",
    title: "Create a goal",
    request: {
      method: "POST",
      path: "/api/v1/goals",
      body: {
        name: "Q1 Donation Target",
        metric_type: "donation",
        target_value: 100000,
        unit: "USD",
        start_date: "2025-01-01",
        end_date: "2025-03-31",
        created_by: AUTHOR,
      },
    },
    expected: { status: 201, shows: { target_value: 100000, unit: "USD" } },
  },
  {
    name: "schedule-job",
    title: "Schedule a job",
    request: {
      method: "POST",
      path: "/api/v1/jobs",
      body: { name: "Daily Data Sync", job_type: "data_sync", schedule: "0 0 * * *", config: { services: ["all"] } },
    },
    expected: { status: 201, shows: { is_active: true, run_count: 0, schedule: "0 0 * * *" } },
  },
  {
    name: "get-predictions",
    title: "Get predictions",
    request: {
      method: "POST",
      path: "/api/v1/advanced/predictions",
      body: { service_name: "partners_crm", metric_type: "donation", prediction_days: 30, confidence_level: 0.95 },
    },
    expected: { status: 200, shows: { prediction_days: 30, confidence_level: 0.95 } },
  },
  {
    name: "send-metric",
    title: "Send a metric",
    request: {
      method: "POST",
      path: "/api/v1/metrics",
      body: {
        service_name: "partners_crm",
        metric_type: "donation",
        metric_name: "donation_received",
        metric_value: 120.5,
        metric_unit: "USD",
        dimensions: { partner_id: "p-0042", channel: "online" },
        external_id: "gift-2025-0001",
      },
    },
    expected: { status: 201, shows: { metric_value: 120.5, metric_unit: "USD" } },
  },
  {
    name: "read-time-series",
    title: "Read a metric month by month",
    request: {
      method: "GET",
      path:
        "/api/v1/metrics/time-series/data?service_name=partners_crm&metric_type=donation&interval=month&start_date=2025-01-01&end_date=2025-12-31",
    },
    expected: { status: 200, shows: { interval: "month" } },
  },
  {
    name: "compare-with-last-year",
    title: "Add up a year by months, beside the year before",
    request: {
      method: "GET",
      path:
        "/api/v1/metrics/aggregate/statistics?service_name=partners_crm&metric_type=donation&group_by=month&start_date=2025-01-01&end_date=2025-12-31&compare=previous_year",
    },
    expected: { status: 200, shows: {} },
  },
  {
    name: "look-up-the-catalog",
    title: "Which metrics there are, and what they mean",
    request: { method: "GET", path: "/api/v1/metrics/catalog?service_name=partners_crm&limit=5" },
    expected: { status: 200, shows: { skip: 0, limit: 5 } },
  },
  {
    name: "read-donor-retention",
    title: "Donors of 2025: active, new, lapsed, retained, and what one is worth",
    request: { method: "GET", path: "/api/v1/analytics/partners/statistics?start_date=2025-01-01&end_date=2025-12-31" },
    expected: { status: 200, shows: {} },
  },
  {
    name: "read-project-completion",
    title: "Projects of 2025: finished, on time, within budget",
    request: { method: "GET", path: "/api/v1/analytics/projects/completion?start_date=2025-01-01&end_date=2025-12-31" },
    expected: { status: 200, shows: { interval: "month" } },
  },
  {
    name: "find-the-best-hour-to-post",
    title: "Engagements by weekday and hour, in Berlin",
    request: {
      method: "GET",
      path:
        "/api/v1/analytics/social-media/engagement?start_date=2025-01-01&end_date=2025-12-31&timezone=Europe/Berlin",
    },
    expected: { status: 200, shows: { interval: "month" } },
  },
  {
    name: "compare-channels",
    title: "Notification channels, ranked by clicks",
    request: {
      method: "GET",
      path: "/api/v1/analytics/notifications/channels?start_date=2025-12-01&end_date=2025-12-31",
    },
    expected: { status: 200, shows: {} },
  },
  {
    name: "open-the-executive-dashboard",
    title: "All services on one page",
    request: { method: "GET", path: "/api/v1/dashboards/executive/default" },
    expected: { status: 200, shows: {} },
  },
  {
    name: "create-dashboard",
    title: "Arrange a dashboard of one's own",
    request: {
      method: "POST",
      path: "/api/v1/dashboards",
      body: {
        name: "Fundraising",
        dashboard_type: "partner",
        config: {
          widgets: [
            {
              id: "gifts",
              type: "stat",
              title: "Gifts this month",
              window: { relative: "this_month" },
              metric: { service_name: "partners_crm", metric_type: "donation" },
              compare: "previous_period",
            },
            {
              id: "by_campaign",
              type: "bar",
              title: "By campaign",
              window: { relative: "last_90_days" },
              metric: { service_name: "partners_crm", metric_type: "donation" },
              group_by: "dimension.campaign",
            },
          ],
        },
        created_by: AUTHOR,
      },
    },
    expected: { status: 201, shows: { name: "Fundraising", dashboard_type: "partner", is_public: true } },
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
    name: "goal-odds",
    title: "How likely each active goal is to be reached",
    request: { method: "GET", path: "/api/v1/goals/forecast/all?limit=5" },
    expected: { status: 200, shows: { skip: 0, limit: 5 } },
  },
  {
    name: "watch-the-sources",
    title: "How old each service's metrics are, and when they are pulled next",
    request: { method: "GET", path: "/api/v1/sync/status/current" },
    expected: { status: 200, shows: {} },
  },
  {
    name: "preview-schedule",
    title: "Read a schedule: in words, and its next runs",
    request: {
      method: "POST",
      path: "/api/v1/jobs/preview",
      body: { schedule: "30 2 * * *", timezone: "Europe/Berlin", count: 3, after: "2026-03-27T12:00:00Z" },
    },
    expected: { status: 200, shows: { description: "daily at 02:30", follows: "wall" } },
  },
];
