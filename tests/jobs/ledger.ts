import { createRunner, type Runner } from "../../jobs/runner.ts";
import type { Registry } from "../../jobs/registry.ts";
import { createJob } from "../../services/jobs/mod.ts";
import type { ScheduledJobCreate, ScheduledJobResponse } from "../../services/jobs/schema.ts";
import type { Clock } from "../../services/ports/clock.ts";
import type { Handler, HandlerOutcome, RunContext, RunHandler } from "../../services/ports/handlers.ts";
import type { App } from "../support/app.ts";

/** What tests of the ledger share: jobs, rows, and handlers that tests steer. */

const local = { kind: "local" } as const;

/** An hourly job without work of its own. */
export function hourly(t: Pick<App, "ctx">, more: Partial<ScheduledJobCreate> = {}): Promise<ScheduledJobResponse> {
  const job = { name: "Hourly", job_type: "goal_update", schedule: "0 * * * *", config: {}, ...more };
  return createJob(t.ctx, local, job as ScheduledJobCreate); // the parts of one type, as the test chose them
}

/** A runner whose handlers are the test's; one that is not given does nothing, well. */
export function runnerOf(
  t: Pick<App, "ctx">,
  handlers: Partial<Record<keyof Registry, Handler | RunHandler>> = {},
): Runner {
  const nothing: RunHandler = { run: () => Promise.resolve({ result: null }) };
  const all: Registry = { data_sync: nothing, report_generation: nothing, goal_update: nothing, custom: nothing };
  for (const [type, handler] of Object.entries(handlers)) {
    all[type as keyof Registry] = typeof handler === "function" ? { run: handler } : handler;
  }
  return createRunner(t.ctx, all);
}

/** A row of the ledger as tests read it. */
export type Row = {
  id: string;
  fire_key: string;
  scheduled_for: string;
  covers_from: string | null;
  occurrences: number;
  state: string;
  reason: string | null;
  attempt: number;
  run_at: string;
  worker: string | null;
  error: { code: string; message: string } | null;
  result: unknown;
  progress: unknown;
};

/** The rows of a job in the order of their time. */
export function rowsOf({ ctx }: Pick<App, "ctx">, jobId: string): Promise<Row[]> {
  return ctx.db.query<Row>(
    `select id, fire_key, scheduled_for, covers_from, occurrences, state, reason, attempt, run_at, worker, error, result,
       progress
     from ops.job_runs where job_id = $1 order by scheduled_for, id`,
    [jobId],
  );
}

/** Each row as `14:00 2 succeeded`, with its reason where it has one. */
export async function briefly(t: Pick<App, "ctx">, jobId: string): Promise<string[]> {
  return (await rowsOf(t, jobId)).map(({ scheduled_for, occurrences, state, reason }) =>
    [scheduled_for.slice(11, 16), occurrences, state, ...(reason === null ? [] : [reason])].join(" ")
  );
}

/** The counters of a job, and what its history says they should be. */
export async function counters({ ctx }: Pick<App, "ctx">, jobId: string) {
  const [row] = await ctx.db.query<Record<"kept" | "counted", string>>(
    `select format('%s=%s+%s', run_count, success_count, failure_count) as kept,
       (select format('%s=%s+%s', count(*) filter (where state in ('succeeded', 'failed')),
          count(*) filter (where state = 'succeeded'), count(*) filter (where state = 'failed'))
        from ops.job_runs r where r.job_id = j.id) as counted
     from scheduled_jobs j where id = $1`,
    [jobId],
  );
  return row ?? { kept: "", counted: "" };
}

/** A handler that waits in the middle of its work until the test lets it go on. */
export function gate() {
  const begun = Promise.withResolvers<RunContext>();
  const open = Promise.withResolvers<HandlerOutcome>();
  const handler: Handler = (run) => {
    begun.resolve(run);
    return open.promise;
  };
  return { handler, begun: begun.promise, open: (outcome: HandlerOutcome = { result: null }) => open.resolve(outcome) };
}

/** A process clock whose waits end when the test says that their time has passed. */
export function handClock(): Clock & { pass(ms: number): Promise<void>; waiting(): number } {
  let elapsed = 0;
  const waits = new Set<{ until: number; done: () => void }>();
  return {
    now: () => 1_766_577_600_000 + elapsed,
    monotonic: () => elapsed,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const wait = { until: elapsed + ms, done: () => (waits.delete(wait), resolve()) };
        waits.add(wait);
        signal?.addEventListener("abort", wait.done, { once: true });
      }),
    async pass(ms) {
      elapsed += ms;
      for (const wait of [...waits]) if (wait.until <= elapsed) wait.done();
      await new Promise((resolve) => setTimeout(resolve));
    },
    waiting: () => waits.size,
  };
}

/** Lets what was begun go on until it waits for something that the test holds. */
export async function settled(t: Pick<App, "db">): Promise<void> {
  for (let i = 0; i < 30; i++) {
    await t.db.query("select 1");
    await new Promise((resolve) => setTimeout(resolve));
  }
}
