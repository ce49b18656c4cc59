import type { Needs } from "../../../services/context.ts";
import { loadMigrations, migrateUp } from "../../../db/migrate.ts";
import { randomIds } from "../../../services/adapters/random_ids.ts";
import { systemClock } from "../../../services/adapters/system_clock.ts";
import { readConfig } from "../../../services/config.ts";
import type { BenchDatabase } from "../database.ts";
import type { Result } from "../table.ts";
import { talk, type Talker } from "./talker.ts";

/** What the bars of the jobs are measured on. */
export type JobStage = {
  database: BenchDatabase;
  /** What verbs need, over a connection of the benchmark's own. */
  ctx: Needs<"db" | "ids" | "config">;
  /** Less of everything. */
  quick: boolean;
  rounds: number;
  /** Ended runs in the long history. */
  history: number;
  scratch: string;
};

/** A name, and what it measures: one line of the table or several. */
export type JobBar = { name: string; run(stage: JobStage): Promise<Result[]> };

/** Sets the stage up on an empty database. */
export async function openJobStage(
  database: BenchDatabase,
  options: Pick<JobStage, "quick" | "rounds" | "history" | "scratch">,
): Promise<JobStage> {
  await migrateUp(database.db, await loadMigrations());
  const ctx = { db: database.db, ids: randomIds(systemClock), config: readConfig({ DATABASE_URL: database.url }) };
  return { database, ctx, ...options };
}

/** An empty ledger whose time is the real one again. */
export async function clear({ database: { db } }: JobStage): Promise<void> {
  await db.exec("truncate scheduled_jobs cascade; truncate ops.job_runs cascade");
  await db.exec(
    "create or replace function ops.now() returns timestamptz language sql stable parallel safe as 'select statement_timestamp()'",
  );
}

const WORKER = new URL("worker.ts", import.meta.url).pathname;

/** Starts a worker of ours; it does nothing until it is told to. */
export function startWorker(stage: JobStage, env: Record<string, string> = {}): Talker {
  const args = ["run", "--quiet", "--no-check", "--allow-net", "--allow-env", "--allow-read", "--allow-sys", WORKER];
  return talk(Deno.execPath(), args, { DATABASE_URL: stage.database.url, ...env }, `${stage.scratch}/worker.log`);
}

/** Tells a process something, and waits until it has understood. */
export async function told(talker: Talker, words: string): Promise<void> {
  await talker.tell(words);
  await talker.hear(({ what }) => what === `${words.split(" ")[0]} heard`);
}

/** Resolves after so many milliseconds. */
export const pause = systemClock.sleep;

/** The value below which a share of all values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
