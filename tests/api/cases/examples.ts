import { deepStrictEqual as equal, match } from "node:assert/strict";
import type { App } from "../../support/app.ts";

type Call = { method: string; path: string; body: unknown };

/** The curl calls of a text, as requests. */
function curls(text: string): Call[] {
  return [
    ...text.matchAll(/curl (?:-X (\w+) )?'?http:\/\/localhost(?::8009)?(\/\S+?)'?(?:\s|$)(?:[^']*-d '([^']*)')?/g),
  ]
    .map(([, method = "GET", path = "", body]) => ({
      method,
      path,
      body: body === undefined ? undefined : JSON.parse(body),
    }));
}

/** The quick start of the source document, word for word. */
const QUICK_START: Call[] = [
  {
    method: "POST",
    path: "/api/v1/reports/generate",
    body: {
      name: "Monthly Metrics Report",
      report_type: "monthly",
      format: "json",
      parameters: { month: "2025-12" },
      created_by: "123e4567-e89b-12d3-a456-426614174000",
    },
  },
  {
    method: "POST",
    path: "/api/v1/goals",
    body: {
      name: "Q1 Donation Target",
      metric_type: "donation",
      target_value: 100000,
      unit: "USD",
      start_date: "2025-01-01",
      end_date: "2025-03-31",
      created_by: "123e4567-e89b-12d3-a456-426614174000",
    },
  },
  {
    method: "POST",
    path: "/api/v1/jobs",
    body: { name: "Daily Data Sync", job_type: "data_sync", schedule: "0 0 * * *", config: { services: ["all"] } },
  },
  {
    method: "POST",
    path: "/api/v1/advanced/predictions",
    body: { service_name: "partners_crm", metric_type: "donation", prediction_days: 30, confidence_level: 0.95 },
  },
];

/** What the documents show, done. */
export const examplesCases: Record<string, (t: App) => Promise<void>> = {
  async "the quick start of the README is the source's, and answers 201, 201, 201 and 200 on an empty database"(t) {
    const readme = Deno.readTextFileSync(new URL("../../../README.md", import.meta.url));
    const calls = curls(readme);
    equal(calls, QUICK_START);
    const statuses = [];
    for (const { method, path, body } of calls) statuses.push((await t.request(method, path, { body })).status);
    equal(statuses, [201, 201, 201, 200]);
  },
  async "every example answers as it says, and its curl is its request"(t) {
    const { items } = await t.json("GET", "/api/v1/examples", 200);
    equal(items.slice(0, 4).map(({ request }: { request: Call }) => request), QUICK_START);
    for (const { name, request, expected, curl } of items) {
      const { method, path, body } = request;
      equal(curls(curl), [{ method, path, body }], name);
      const answer = await t.json(method, path, expected.status, { body });
      for (const [field, value] of Object.entries(expected.shows)) equal(answer[field], value, `${name}: ${field}`);
      equal((await t.json("GET", `/api/v1/examples/${name}`, 200)).request, request);
    }
  },
  async "an example that does not exist names the nearest"(t) {
    const answer = await t.json("GET", "/api/v1/examples/create-gaol", 404);
    match(answer.detail, /did you mean create-goal\?/);
  },
  async "the job of the quick start runs when it is due, and says that no source is configured"(t) {
    const { path, body } = QUICK_START[2] ?? { path: "", body: null };
    const job = await t.json("POST", path, 201, { body });
    equal(job.next_run_at.slice(0, 10), "2025-12-25"); // created at noon of the 24th, UTC
    await t.runner.tick();
    equal((await t.json("GET", `${path}/${job.id}/runs`, 200)).items, []);
    await t.setNow("2025-12-25T00:00:01Z");
    await t.runner.tick();
    const { items } = await t.json("GET", `${path}/${job.id}/runs`, 200);
    equal(items.map(({ state, reason }: { state: string; reason: string }) => [state, reason]), [[
      "skipped",
      "not_configured",
    ]]);
  },
};
