import { deepStrictEqual as equal, ok, rejects } from "node:assert/strict";
import { IDLE_MS, WorkerHeavy } from "../../../services/adapters/worker_heavy.ts";
import type { StudyInput } from "../../../services/advanced/study.ts";
import { compute } from "../../../services/heavy/computations.ts";
import type { ReportFacts } from "../../../services/reports/document.ts";
import type { App } from "../../support/app.ts";
import { handClock, hourly, rowsOf, runnerOf, settled } from "../ledger.ts";

const turn = () => new Promise<void>((resolve) => setTimeout(resolve));
const asked = (name: string): StudyInput & { name: string } => ({
  values: Array.from({ length: 40 }, (_, i) => i % 7),
  ...{ frequency: "daily", season_length: 7, skip: 0, horizon: 3 },
  name,
});

/** The real adapter over Workers that stay busy until the test opens the gate. */
function gated(clock = handClock()) {
  const gate = new Int32Array(new SharedArrayBuffer(8));
  let opened = 0;
  const heavy = new WorkerHeavy(clock, () => {
    opened++;
    const worker = new Worker(new URL("../../support/gate_worker.ts", import.meta.url), { type: "module" });
    worker.postMessage({ gate: gate.buffer });
    return worker;
  });
  return {
    heavy,
    clock,
    workers: () => opened,
    compute: (name: string, signal?: AbortSignal) => heavy.compute("study", asked(name), signal) as Promise<unknown>,
    async begun(computations: number) {
      while (Atomics.load(gate, 1) < computations) await turn();
    },
    open: () => void Atomics.store(gate, 0, 1),
    close: () => void Atomics.store(gate, 0, 0),
    [Symbol.dispose]() {
      Atomics.store(gate, 0, 1); // Deno does not interrupt a Worker at work
      heavy.stop();
    },
  };
}

/** Computing beside the event loop. The database matters to one of these alone, so one engine runs them. */
export const workerHeavyCases: Record<string, (t: App) => Promise<void>> = {
  async "the event loop goes on turning while a Worker is busy"() {
    using g = gated();
    let done = false;
    const answer = g.compute("long").finally(() => done = true);
    await g.begun(1);
    for (let turns = 0; turns < 200; turns++) await turn();
    equal(done, false);
    g.open();
    equal(await answer, { said: "long" });
  },

  async "heartbeats renew the lease of a run that computes for longer than a lease"(t) {
    using g = gated();
    t.ctx.clock = g.clock;
    const job = await hourly(t);
    await t.setNow("2025-12-24T13:00:00Z");
    const runner = runnerOf(t, { goal_update: async (run) => ({ result: await g.compute("long", run.signal) }) });
    const ticked = runner.tick();
    await g.begun(1);
    for (let beat = 1; beat <= 6; beat++) { // 30 s, two leases
      await t.setNow(`2025-12-24T13:00:${String(beat * 5).padStart(2, "0")}Z`);
      await g.clock.pass(5_000);
      await settled(t);
    }
    const [held] = await t.db.query<{ left: number }>(
      "select extract(epoch from lease_until - ops.now())::int as left from ops.job_runs where state = 'running'",
    );
    equal(held?.left, 15);
    g.open();
    await ticked;
    const [row] = await rowsOf(t, job.id);
    equal([row?.state, row?.attempt, row?.result], ["succeeded", 1, { said: "long" }]);
  },

  async "computations take turns in the order asked, in one Worker"() {
    using g = gated();
    const order: unknown[] = [];
    const all = ["a", "b", "c"].map((name) => g.compute(name).then((said) => order.push(said)));
    await g.begun(1);
    for (let turns = 0; turns < 100; turns++) await turn();
    await g.begun(1);
    g.open();
    await Promise.all(all);
    equal([order, g.workers()], [[{ said: "a" }, { said: "b" }, { said: "c" }], 1]);
  },

  async "a Worker that breaks down fails the computation it was at, and the next one gets a new Worker"() {
    using g = gated();
    g.open();
    const [broken, next] = [g.compute("break down"), g.compute("next")];
    await rejects(broken, /^ComputationFailed: The Worker broke down: .*on purpose/);
    equal([await next, g.workers()], [{ said: "next" }, 2]);
  },

  async "a signal gives up what is under way or waits, and nothing else"() {
    using g = gated();
    const [under, waiting] = [new AbortController(), new AbortController()];
    const all = [g.compute("under way", under.signal), g.compute("waits", waiting.signal), g.compute("stays")];
    const ends = Promise.allSettled(all);
    await g.begun(1);
    waiting.abort(new Error("no more"));
    under.abort(new Error("time is up"));
    await g.begun(2);
    g.open();
    equal((await ends).map((end) => end.status === "fulfilled" ? end.value : String(end.reason)), [
      ...["Error: time is up", "Error: no more", { said: "stays" }],
    ]);
    equal(g.workers(), 2);
    await rejects(g.compute("late", AbortSignal.abort(new Error("before"))), /before/);
  },

  async "a minute without work ends the Worker, and the next computation begins another"() {
    using g = gated();
    g.open();
    equal(g.heavy.running, false);
    await g.compute("first");
    await g.clock.pass(IDLE_MS - 1);
    equal(g.heavy.running, true);
    await g.compute("second"); // the minute begins anew
    await g.clock.pass(IDLE_MS - 1);
    equal(g.heavy.running, true);
    await g.clock.pass(1);
    equal(g.heavy.running, false);
    await g.compute("third");
    equal(g.workers(), 2);
  },

  async "stopping fails what is under way and what waits, and leaves no Worker"() {
    using g = gated();
    const ends = Promise.allSettled([g.compute("under way"), g.compute("waits")]);
    await g.begun(1);
    g.heavy.stop();
    equal((await ends).map((end) => end.status), ["rejected", "rejected"]);
    equal(g.heavy.running, false);
  },

  async "the real Worker computes what this thread would, and hands bytes over"() {
    const heavy = new WorkerHeavy(handClock());
    try {
      equal(await heavy.compute("study", asked("donations")), compute("study", asked("donations")));
      const rendered = await heavy.compute("render_report", FACTS);
      equal(rendered, compute("render_report", FACTS));
      ok(rendered.bytes.length > 100);
      const broken = { ...FACTS, totals: null } as unknown as ReportFacts; // what the computation throws comes back
      await rejects(heavy.compute("render_report", broken), /null/);
      const unclonable = { ...FACTS, code_version: () => {} } as unknown as ReportFacts;
      await rejects(heavy.compute("render_report", unclonable), { name: "DataCloneError" });
      ok(await heavy.compute("study", asked("again")) !== null);
    } finally {
      heavy.stop();
    }
  },

  async "where the platform has no Workers, the computation happens here"() {
    const heavy = new WorkerHeavy(handClock(), () => null);
    equal(await heavy.compute("study", asked("donations")), compute("study", asked("donations")));
    const broken = { ...FACTS, totals: null } as unknown as ReportFacts;
    await rejects(heavy.compute("render_report", broken), /null/);
    equal(heavy.running, false);
  },
};

const FACTS: ReportFacts = {
  report: { name: "December", report_type: "monthly", parameters: { month: "2025-12" } },
  period: { start: "2025-12-01", end: "2025-12-31", timezone: "UTC", complete: true },
  compared_with: { start: "2025-11-01", end: "2025-11-30" },
  ...{ data_through: null, data_version: "1", totals: [], before: [], daily: [], code_version: "1" },
};
