import { deepStrictEqual as equal } from "node:assert/strict";
import { type App, bearer } from "./app.ts";

export const PATH = "/api/v1/metrics";

/** One gift; a test overrides what it is about. */
export const gift = (change: Record<string, unknown> = {}) => ({
  service_name: "partners_crm",
  metric_type: "donation",
  metric_name: "donation_received",
  metric_value: 250,
  metric_unit: "USD",
  timestamp: "2025-12-20T10:15:00Z",
  ...change,
});

/** Sends a batch that must be taken as a whole. */
export async function send(t: App, rows: Record<string, unknown>[]): Promise<void> {
  const { accepted, rejected } = await t.json("POST", PATH, 200, { body: rows });
  equal([accepted, rejected], [rows.length, []]);
}

/** Somebody who may read and not write. */
export const reader = bearer(undefined, ["read"]);
