import { AUTHOR, type Story } from "./schema.ts";

/** Metrics sent, read, and seen on dashboards. */
export const METRIC_STORIES: readonly Story[] = [
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
];
