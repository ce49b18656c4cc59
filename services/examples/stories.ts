import { ADVANCED_STORIES } from "./advanced_stories.ts";
import { METRIC_STORIES } from "./metric_stories.ts";
import { AUTHOR, type Story } from "./schema.ts";

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
  ...METRIC_STORIES,
  ...ADVANCED_STORIES,
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
