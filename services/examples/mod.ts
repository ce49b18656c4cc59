import { DomainError } from "../errors.ts";
import { nearest } from "../schema.ts";
import type { Example } from "./schema.ts";

type Story = Omit<Example, "curl">;

const AUTHOR = "123e4567-e89b-12d3-a456-426614174000";

/** The four calls of the quick start come first; each of these is executed by the tests. */
const STORIES: Story[] = [
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

/** Every example, the quick start first. */
export function listExamples(origin: string): Example[] {
  return STORIES.map((story) => ({ ...story, curl: curlOf(story, origin) }));
}

/**
 * One example by its name.
 * @throws {DomainError} `not_found`, naming the nearest one
 */
export function getExample(name: string, origin: string): Example {
  const found = listExamples(origin).find((example) => example.name === name);
  if (found !== undefined) return found;
  const close = nearest(name, STORIES.map((story) => story.name));
  throw new DomainError("not_found", `There is no such example${close === null ? "" : `; did you mean ${close}?`}`);
}

function curlOf({ request: { method, path, body } }: Story, origin: string): string {
  if (method === "GET") return `curl '${origin}${path}'`;
  return `curl -X ${method} ${origin}${path} \\\n  -H "Content-Type: application/json" \\\n  -d '${
    JSON.stringify(body)
  }'`;
}
