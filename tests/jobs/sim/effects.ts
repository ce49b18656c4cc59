import type { Db } from "../../../db/client.ts";
import { isOpen, type RunLine } from "./snapshot.ts";

/** What handlers of a history write: one row for each effect, with what the ledger said of the run just then. */

export type Effect = {
  run_id: string;
  attempt: number;
  kind: "checkpoint" | "commit" | "failed";
  seen_attempt: number;
  seen_state: string;
  seen_worker: string;
  worker: string;
};

/** Where effects stand, and ids that count where SQL makes them, so that a history repeats to the last bit. */
const PREPARE = `
  create table if not exists ops.sim_effects (seq serial, run_id uuid, attempt int, kind text, worker text,
    seen_attempt int, seen_state text, seen_worker text);
  create sequence if not exists ops.sim_ids;
  create or replace function ops.uuid7() returns uuid language sql volatile as $$
    select ('ffffffff-0000-7000-8000-' || lpad(to_hex(nextval('ops.sim_ids')), 12, '0'))::uuid $$`;

/** Prepares a database for histories; inside a transaction that is rolled back it leaves nothing behind. */
export const prepareSim = (db: Db): Promise<void> => db.exec(PREPARE);

/** Begins the ids of a history anew. */
export const restartIds = (db: Db): Promise<void> => db.exec("select setval('ops.sim_ids', 1)");

/** Writes an effect of one attempt, or of a run's failure, in its transaction. */
export async function writeEffect(
  tx: Db,
  { id, attempt, kind, worker }: { id: string; attempt: number; kind: Effect["kind"]; worker: string },
): Promise<void> {
  await tx.query(
    `insert into ops.sim_effects (run_id, attempt, kind, worker, seen_attempt, seen_state, seen_worker)
     select id, $2, $3, $4, attempt, state, worker from ops.job_runs where id = $1`,
    [id, attempt, kind, worker],
  );
}

/**
 * What is wrong with the effects of a history: each success has one commit, everything else none, each failure is told
 * once, and nobody has written anything who did not own the run.
 * @param without attempts whose handler has no effect, as `run attempt`
 */
export async function wrongEffects(db: Db, runs: Iterable<RunLine>, without: ReadonlySet<string>): Promise<string[]> {
  const effects = await db.query<Effect>("select * from ops.sim_effects order by seq");
  const wrong: string[] = [];
  for (const { run_id, attempt, kind, worker, seen_attempt, seen_state, seen_worker } of effects) {
    const owned = seen_attempt === attempt && seen_worker === worker && seen_state === "running";
    if (!owned && kind !== "failed") {
      wrong.push(`${kind} of attempt ${attempt} of run ${run_id} while it was ${seen_state} ${seen_attempt}`);
    }
  }
  for (const run of runs) {
    const of = (kind: Effect["kind"]) => effects.filter((effect) => effect.run_id === run.id && effect.kind === kind);
    const commits = of("commit").map(({ attempt }) => attempt);
    const fitting = run.state === "succeeded" && !without.has(`${run.id} ${run.attempt}`) ? [run.attempt] : [];
    if (!isOpen(run) && commits.join() !== fitting.join()) {
      wrong.push(`run ${run.id} ${run.state} in attempt ${run.attempt} has committed effects of attempts [${commits}]`);
    }
    const toTell = run.state === "failed" || run.state === "cancelled" && run.reason !== "job_deleted" ? 1 : 0;
    if (of("failed").length !== toTell) wrong.push(`run ${run.id} ${run.state}: told ${of("failed").length} times`);
  }
  return wrong;
}
