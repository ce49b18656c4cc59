import { appOver } from "../support/app.ts";
import { postgresFixture } from "../support/database.ts";
import { demoMetrics } from "../../db/demo/mod.ts";
import { ingestMetrics } from "../../services/metrics/mod.ts";
import { evaluateGoals, updateGoals } from "../../services/goals/mod.ts";
const fixture = await postgresFixture(Deno.env.get("DATABASE_URL") ?? "", "goals_demo");
const t = appOver(fixture.db, "postgres");
let n = 0, batch: unknown[] = [];
const t0 = performance.now();
for (const day of demoMetrics("2024-01-01", "2025-12-23")) {
  batch.push(...day);
  if (batch.length > 5000) {
    n += (await ingestMetrics(t.ctx, { kind: "local" }, batch)).accepted;
    batch = [];
  }
}
n += (await ingestMetrics(t.ctx, { kind: "local" }, batch)).accepted;
console.log("rows", n, performance.now() - t0);
const q = {
  name: "Q1 Donation Target",
  metric_type: "donation",
  target_value: 100000,
  unit: "USD",
  start_date: "2025-01-01",
  end_date: "2025-03-31",
  created_by: "123e4567-e89b-12d3-a456-426614174000",
};
const goal = await t.json("POST", "/api/v1/goals", 201, { body: q });
console.log(goal);
const g2 = await t.json("POST", "/api/v1/goals", 201, {
  body: { ...q, start_date: "2025-10-01", end_date: "2025-12-31", alert_threshold: 75 },
});
let s = performance.now();
console.log(await t.json("GET", `/api/v1/goals/${g2.id}/progress`, 200), performance.now() - s);
s = performance.now();
await t.json("GET", `/api/v1/goals/${g2.id}/progress`, 200);
console.log("progress ms", performance.now() - s);
for (
  const body of [
    { metric_name: "followers", metric_type: "engagement", unit: "followers", target_value: 20000 },
    {
      metric_name: "delivery_latency_ms",
      metric_type: "notification",
      unit: "ms",
      target_value: 800,
      direction: "decrease",
      baseline_value: 2000,
    },
    { metric_type: "beneficiary", unit: "count", target_value: 9000 },
    { metric_type: "partner", metric_name: "partner_active", unit: "partners", target_value: 500 },
  ]
) {
  const g = await t.json("POST", "/api/v1/goals", 201, {
    body: { ...q, start_date: "2025-10-01", end_date: "2025-12-31", ...body },
  });
  const p = await t.json("GET", `/api/v1/goals/${g.id}/progress`, 200);
  console.log(
    g.service_name,
    g.metric_name,
    g.aggregation,
    p.current_value,
    p.progress_percentage,
    p.expected,
    p.expected_basis,
    p.pace,
    p.daily_required_progress,
    p.projected_completion_date,
    p.reason,
    p.meta,
  );
}
console.log(await updateGoals(t.ctx), await evaluateGoals(t.ctx));
for (
  const body of [
    { service_name: "partners_crm", metric_type: "donation", prediction_days: 30, confidence_level: 0.95 },
    { service_name: "social_media", metric_type: "engagement", metric_name: "followers" },
    { service_name: "notification", metric_type: "notification", metric_name: "delivery_latency_ms" },
    { service_name: "projects", metric_type: "project" },
    { service_name: "partners_crm", metric_type: "donation", dimensions: { recurring: true }, prediction_days: 365 },
  ]
) {
  s = performance.now();
  const { predictions, ...rest } = await t.json("POST", "/api/v1/advanced/predictions", 200, { body });
  console.log(performance.now() - s, rest, predictions.length, predictions[0], predictions.at(-1));
}
console.log(t.logged.filter((l) => !l.startsWith("info")));
await fixture.close();
