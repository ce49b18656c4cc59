import { deepStrictEqual as equal, match } from "node:assert/strict";
import { createRegistry } from "../../../jobs/handlers.ts";
import { createRunner } from "../../../jobs/runner.ts";
import { compute } from "../../../services/heavy/computations.ts";
import type { Heavy } from "../../../services/ports/heavy.ts";
import { type App, nowhere } from "../../support/app.ts";
import { gift, send } from "../../support/gifts.ts";
import { hourly, rowsOf } from "../ledger.ts";

const PREDICTIONS = "/api/v1/advanced/predictions";
const question = { service_name: "partners_crm", metric_type: "donation" };

/** 10, 13, 16, … on the 20 days up to yesterday, the 23rd. */
const gifts = (t: App) =>
  send(
    t,
    Array.from({ length: 20 }, (_, i) =>
      gift({ timestamp: `2025-12-${String(i + 4).padStart(2, "0")}T10:00:00Z`, metric_value: 10 + 3 * i })),
  );

/** A job that warms at each full hour, and what its runs compute with. */
async function warming(t: App, config: Record<string, unknown> = {}) {
  const job = await hourly(
    t,
    {
      job_type: "custom",
      config: { handler: "forecast_warmup", prediction_days: 30, confidence_level: 0.95, ...config },
    } as Parameters<typeof hourly>[1],
  );
  const computed: string[] = [];
  const heavy: Heavy = {
    compute: (name, input) => Promise.resolve(compute(name, (computed.push(name), input))),
  };
  const runner = createRunner(t.ctx, createRegistry({ ...t.ctx, heavy }, nowhere));
  return {
    computed,
    async run(at: string) {
      await t.setNow(at);
      await runner.tick();
      return (await rowsOf(t, job.id)).at(-1);
    },
  };
}

const missing = { insufficient: 0, missing: [] };

/** Forecasts that are computed ahead, over the real ledger. */
export const forecastWarmupCases: Record<string, (t: App) => Promise<void>> = {
  async "what has readings is forecast ahead, beside the event loop, and the first reader finds it"(t) {
    await gifts(t);
    const { run, computed } = await warming(t);
    const row = await run("2025-12-24T13:00:00Z");
    equal([row?.state, row?.result], ["succeeded", { series: 1, computed: 1, known: 0, ...missing }]);
    equal(computed, ["study"]);
    await t.setNow("2025-12-24T18:00:00Z");
    for (const asked of [question, { ...question, metric_name: "donation_received", metric_unit: "USD" }]) {
      const { meta, baseline } = await t.json("POST", PREDICTIONS, 200, { body: asked });
      equal([meta.computed_at, meta.cached, meta.age_s], ["2025-12-24T13:00:00Z", true, 5 * 3600]);
      equal(baseline.predictions[0].predicted_value, 70); // 10 + 3·20
    }
  },

  async "what is known already is not computed again, until the series or the day changes"(t) {
    await gifts(t);
    const { run, computed } = await warming(t);
    await run("2025-12-24T13:00:00Z");
    equal((await run("2025-12-24T14:00:00Z"))?.result, { series: 1, computed: 0, known: 1, ...missing });
    await send(t, [gift({ timestamp: "2025-12-20T11:00:00Z", metric_value: 1 })]);
    equal((await run("2025-12-24T15:00:00Z"))?.result, { series: 1, computed: 1, known: 0, ...missing });
    equal((await run("2025-12-25T15:00:00Z"))?.result, { series: 1, computed: 1, known: 0, ...missing });
    equal(computed.length, 3);
  },

  async "a horizon of one's own is forecast for itself, and answers every level"(t) {
    await gifts(t);
    const { run } = await warming(t, { prediction_days: 7, confidence_level: 0.8, series: [question] });
    await run("2025-12-24T13:00:00Z");
    const at = async (more: Record<string, unknown>) =>
      (await t.json("POST", PREDICTIONS, 200, { body: { ...question, ...more } })).meta.computed_at;
    await t.setNow("2025-12-24T14:00:00Z");
    for (const confidence_level of [0.8, 0.95]) {
      equal(await at({ prediction_days: 7, confidence_level }), "2025-12-24T13:00:00Z");
    }
    equal(await at({ prediction_days: 8, confidence_level: 0.8 }), "2025-12-24T14:00:00Z");
  },

  async "a name that nobody has fails nothing: the result lists it, and the log says which are near"(t) {
    await gifts(t);
    const series = [{ ...question, metric_name: "donation_recieved" }, question];
    const { run } = await warming(t, { series });
    const row = await run("2025-12-24T13:00:00Z");
    const name = "partners_crm / donation / donation_recieved";
    equal(row?.result, { series: 2, computed: 1, known: 0, insufficient: 0, missing: [name] });
    const [line] = await t.db.query<{ level: string; message: string }>("select level, message from ops.job_run_logs");
    equal(line?.level, "warn");
    match(line?.message ?? "", /did you mean "donation_received"\?/);
  },

  async "too little history is a forecast too, and nothing recorded is none"(t) {
    await send(t, [gift({ timestamp: "2025-12-20T10:00:00Z" })]);
    const { run } = await warming(t);
    equal((await run("2025-12-24T13:00:00Z"))?.result, {
      series: 1,
      computed: 0,
      known: 0,
      insufficient: 1,
      missing: [],
    });
  },
};
