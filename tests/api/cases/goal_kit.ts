/**
 * What the cases about goals share: goals to make, gifts to feed them with, and what is stored of them.
 * @module
 */
import { deepStrictEqual as equal } from "node:assert/strict";
import { ingestMetrics } from "../../../services/metrics/mod.ts";
import type { App } from "../../support/app.ts";

/** The source's quick start, word for word. */
export const QUICK_START = {
  name: "Q1 Donation Target",
  metric_type: "donation",
  target_value: 100000,
  unit: "USD",
  start_date: "2025-01-01",
  end_date: "2025-03-31",
  created_by: "123e4567-e89b-12d3-a456-426614174000",
};

/** A goal fed by hand over the ten days from 20 to 29 December 2025; today is the 24th, so four days are over. */
export const BY_HAND = {
  ...{ name: "Calls", metric_type: "engagement", target_value: 100, unit: "calls", alert_threshold: 75 },
  ...{ start_date: "2025-12-20", end_date: "2025-12-29" },
};

export const DECEMBER = { start_date: "2025-12-01", end_date: "2025-12-31" };

export type Run = { config: Record<string, unknown> };

export const PATH = "/api/v1/goals";
export const NOBODY = "00000000-0000-4000-8000-00000000dead";

// deno-lint-ignore no-explicit-any -- as in App.json
export async function made(t: App, goal: Record<string, unknown> = BY_HAND): Promise<any> {
  return await t.json("POST", PATH, 201, { body: goal });
}

/** What happened to a goal, by name: within a millisecond the order is chance. */
export async function events(t: App, id: string): Promise<string[]> {
  const rows = await t.db.query<{ kind: string }>("select kind from ops.events where subject_id = $1", [id]);
  return rows.map((row) => row.kind).sort();
}

export async function readings(t: App, id: string): Promise<{ value: number; source: string }[]> {
  return await t.db.query("select value, source from ops.goal_readings where goal_id = $1 order by id", [id]);
}

/** Stores gifts, each a date and an amount. */
export async function gifts(t: App, ...given: [date: string, metric_value: number, more?: Record<string, unknown>][]) {
  const rows = given.map(([date, metric_value, more]) => ({
    ...{ service_name: "partners_crm", metric_type: "donation", metric_name: "donation_received", metric_unit: "USD" },
    ...{ date, metric_value },
    ...more,
  }));
  equal((await ingestMetrics(t.ctx, { kind: "local" }, rows)).rejected, []);
}
