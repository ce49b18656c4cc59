import type { Caller } from "../../services/access.ts";
import type { App } from "./app.ts";
import { gift } from "./gifts.ts";

export const DASHBOARDS = "/api/v1/dashboards";

export const GIFTS = { service_name: "partners_crm", metric_type: "donation", metric_name: "donation_received" };
export const FOLLOWERS = { service_name: "social_media", metric_type: "engagement", metric_name: "followers" };
export const STATUS = { service_name: "projects", metric_type: "project", metric_name: "project_status" };
export const LATENCY = {
  ...{ service_name: "notification", metric_type: "notification", metric_name: "delivery_latency_ms" },
};

/** A gift of a day at noon. */
export const on = (day: string, metric_value: number, more: Record<string, unknown> = {}) =>
  gift({ metric_value, timestamp: `${day}T12:00:00Z`, ...more });

/** A gift from a country. */
export const from = (country: string, metric_value: number, day = "2025-12-20") =>
  on(day, metric_value, { dimensions: { country } });

/** A reading of a gauge. */
export const level = (
  metric: typeof FOLLOWERS,
  day: string,
  metric_value: number,
  dimensions: Record<string, string>,
) => on(day, metric_value, { ...metric, metric_unit: "count", dimensions });

/** A widget about gifts; a test overrides what it is about. */
export const widget = (type: string, more: Record<string, unknown> = {}) => ({
  ...{ id: "one", type, title: "One", metric: GIFTS },
  ...more,
});

// deno-lint-ignore no-explicit-any -- as in App.json
type Loose = any;

/** Makes a dashboard of some widgets. */
export async function dashboard(
  t: App,
  widgets: unknown[],
  more: Record<string, unknown> = {},
  as?: Caller,
): Promise<Loose> {
  const body = { name: "Test", dashboard_type: "custom", config: { widgets }, ...more };
  return await t.json("POST", DASHBOARDS, 201, as === undefined ? { body } : { body, as });
}

/** The slots of a dashboard of some widgets, in their order. */
export async function resolved(
  t: App,
  widgets: unknown[],
  { query = "", as }: { query?: string; as?: Caller } = {},
): Promise<Loose[]> {
  const { id } = await dashboard(t, widgets);
  return (await t.json("GET", `${DASHBOARDS}/${id}/data${query}`, 200, as === undefined ? {} : { as })).widgets;
}
