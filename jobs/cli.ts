import { guardedFetch } from "../services/adapters/guarded_fetch.ts";
import { openDatabase } from "../services/adapters/database.ts";
import { environmentConfig } from "../services/adapters/environment.ts";
import { jsonLog } from "../services/adapters/json_log.ts";
import { randomIds } from "../services/adapters/random_ids.ts";
import { systemClock } from "../services/adapters/system_clock.ts";
import { runCommand, terminal } from "../services/adapters/terminal.ts";
import { WorkerHeavy } from "../services/adapters/worker_heavy.ts";
import type { Caller } from "../services/access.ts";
import type { Needs } from "../services/context.ts";
import { DomainError } from "../services/errors.ts";
import { describeCron } from "../services/jobs/cron.ts";
import { accountAllJobs } from "../services/jobs/ledger.ts";
import { getRun, listJobs, triggerJob } from "../services/jobs/mod.ts";
import type { ScheduledJobResponse } from "../services/jobs/schema.ts";
import { uuid } from "../services/schema.ts";
import { createRegistry } from "./handlers.ts";
import { createRunner, type Runner } from "./runner.ts";

const USAGE = `Usage:
  deno task jobs list     every job with its next occurrence
  deno task jobs sync     compute every next occurrence anew
  deno task jobs tick     do now what is due
  deno task jobs run ID   run a job now, or a run that waits`;

/** What was asked for on the command line. */
export type JobsCommand = { verb: "list" | "sync" | "tick" } | { verb: "run"; id: string };

const MOST_LISTED = 1_000;

/** Whoever can run commands here holds the database, and so every scope. */
const OPERATOR: Caller = { kind: "local" };

/**
 * Understands the arguments of `deno task jobs`.
 * @throws {Error} that says how to use the command
 */
export function parseJobsCommand(args: string[]): JobsCommand {
  const [verb, id, ...rest] = args;
  if ((verb === "list" || verb === "sync" || verb === "tick") && id === undefined) return { verb };
  if (verb === "run" && id !== undefined && rest.length === 0 && uuid.safeParse(id).success) return { verb, id };
  throw new Error(USAGE);
}

/** Does what was asked, and returns the lines to print. */
export async function performJobsCommand(
  ctx: Needs<"db" | "ids" | "log">,
  runner: Pick<Runner, "tick" | "execute">,
  command: JobsCommand,
): Promise<string[]> {
  switch (command.verb) {
    case "list": {
      const { items, total } = await listJobs(ctx, OPERATOR, { limit: MOST_LISTED });
      if (total === 0) return ["There are no jobs."];
      const more = total > items.length ? [`These are the newest ${items.length} of ${total}.`] : [];
      return [...items.map(line), ...more];
    }
    case "sync": {
      const { jobs, moved } = await accountAllJobs(ctx);
      return [`${jobs} active jobs; the next occurrence of ${moved} moved.`];
    }
    case "tick":
      await runner.tick();
      return ["Nothing is due any more."];
    case "run":
      return [await runNow(ctx, runner, command.id)];
  }
}

/** A job gets a run of its own; an id that is no job's is taken for a run that waits. */
async function runNow(ctx: Needs<"db" | "ids">, runner: Pick<Runner, "execute">, id: string): Promise<string> {
  const runId = await triggerJob(ctx, OPERATOR, id, { key: null }).then((run) => run.id, (error) => {
    if (error instanceof DomainError && error.code === "not_found") return id;
    throw error;
  });
  await runner.execute(runId);
  const { state, reason, error, result } = await getRun(ctx, OPERATOR, runId);
  const why = error?.message ?? reason;
  return [
    `Run ${runId}: ${state}`,
    ...(why === null ? [] : [why]),
    ...(result === null ? [] : [JSON.stringify(result)]),
  ]
    .join("  ");
}

function line(job: ScheduledJobResponse): string {
  const { id, name, job_type, schedule, timezone, is_active, next_run_at, last_status, success_count, run_count } = job;
  const next = is_active ? `next ${next_run_at ?? "never"}` : "paused";
  const past = run_count === 0 ? "never ran" : `${last_status ?? "ran"}, ${success_count} of ${run_count} succeeded`;
  return [id, JSON.stringify(name), job_type, `${words(schedule)} ${timezone}`, next, past].join("  ");
}

/** A row that was written past the service may hold a schedule that is none. */
function words(schedule: string): string {
  try {
    return describeCron(schedule);
  } catch {
    return JSON.stringify(schedule);
  }
}

if (import.meta.main) {
  await runCommand(async () => {
    const command = parseJobsCommand(Deno.args);
    const config = environmentConfig();
    const [clock, ids] = [systemClock, randomIds(systemClock)];
    const log = jsonLog(config.LOG_LEVEL, clock);
    const db = await openDatabase(config, { random: ids.random, sleep: clock.sleep });
    const heavy = new WorkerHeavy(clock);
    const ctx = { db, clock, ids, log, config, engine: db.kind, heavy };
    const runner = createRunner(ctx, createRegistry(ctx, guardedFetch(ctx)));
    try {
      for (const text of await performJobsCommand(ctx, runner, command)) terminal.print(text);
    } finally {
      await runner.stop();
      heavy.stop();
      await db.close();
      log.flush();
    }
  });
}
