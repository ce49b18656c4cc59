import type { Db } from "../../../db/client.ts";
import { domainNow } from "../../../db/scheduled_jobs.ts";
import { claimRuns } from "../../../db/ledger.ts";
import { listJobRuns, listRuns } from "../../../services/jobs/mod.ts";
import { jobStats } from "../../../services/jobs/stats.ts";
import { atMost, median } from "../bar.ts";
import type { Result } from "../table.ts";
import { clear, type JobBar, type JobStage } from "./stage.ts";

const JOBS = 200;
const CALLER = { kind: "local" } as const;

/** What claiming, statistics and pages cost beside a long history, and beside none. */
export const history: JobBar = {
  name: "history",
  async run(stage) {
    await clear(stage);
    const job = await makeJobs(stage.database.db);
    const runs = stage.quick ? Math.min(stage.history, 100_000) : stage.history;
    const none = await times(stage, job);
    await makeHistory(stage.database.db, runs);
    const long = await times(stage, job);
    await explained(stage, job);
    const limits = { claim: atMost(1, 1), stats: atMost(50, 50), page: atMost(50, 50), pages: atMost(50, 50) };
    return (["claim", "stats", "page", "pages"] as const).map((what): Result => ({
      bar: { name: `${NAMES[what]}, ${runs / 1_000} k ended runs`, unit: "ms", thresholds: limits[what] },
      measured: { yardstick: `${median(none[what]).toFixed(2)} ms without history`, ours: "", values: long[what] },
    }));
  },
};

const NAMES = {
  claim: "claim of one run (execution)",
  stats: "statistics of a job",
  page: "a page of a job's runs",
  pages: "a page of all failed runs",
};

async function makeJobs(db: Db): Promise<string> {
  const rows = await db.query<{ id: string }>(
    `insert into scheduled_jobs (name, job_type, schedule, next_run_at)
     select 'Job ' || i, 'goal_update', '* * * * *', null from generate_series(1, $1::int) i returning id`,
    [JOBS],
  );
  return rows[0]?.id ?? "";
}

const BATCH = 100_000;

/** Ended runs of all jobs, minute by minute into the past; 2 % failed and 1 % skipped. */
async function makeHistory(db: Db, runs: number): Promise<void> {
  await db.exec("alter table ops.job_runs disable trigger user"); // nobody is to be woken by the past
  const now = await domainNow(db);
  for (let from = 0; from < runs; from += BATCH) {
    await db.query(
      `insert into ops.job_runs (job_id, job_type, fire_key, scheduled_for, covers_from, occurrences, state, reason, attempt,
         run_at, started_at, finished_at, created_at, result)
       select j.id, 'goal_update', 's:' || extract(epoch from at)::bigint, at, at - interval '1 minute', 1,
         case when i % 100 = 0 then 'skipped' when i % 50 = 1 then 'failed' else 'succeeded' end,
         case when i % 100 = 0 then 'overlap' when i % 50 = 1 then 'internal' end, (i % 100 <> 0)::int,
         at, at + interval '20 ms', at + interval '300 ms', at, '{"goals_updated": 3}'
       from generate_series($1::int, $2::int) i
       join (select id, row_number() over (order by id) - 1 as n from scheduled_jobs) j on j.n = i % ${JOBS},
       lateral (select date_trunc('minute', $3::timestamptz) - (i / ${JOBS} + 2) * interval '1 minute' as at) t`,
      [from, Math.min(runs, from + BATCH) - 1, now],
    );
  }
  await db.exec("alter table ops.job_runs enable trigger user");
  await db.exec("vacuum analyze ops.job_runs");
  await db.exec("vacuum analyze scheduled_jobs");
}

type Times = Record<keyof typeof NAMES, number[]>;

/** Milliseconds of each, ten times over; of the claim what Postgres says, of the others all of the verb. */
async function times(stage: JobStage, job: string): Promise<Times> {
  const { ctx, database: { db } } = stage;
  const taken: Times = { claim: [], stats: [], page: [], pages: [] };
  const timed = async (what: keyof Times, verb: () => Promise<unknown>) => {
    const began = performance.now();
    await verb();
    taken[what].push(performance.now() - began);
  };
  for (let i = 0; i < 12; i++) {
    taken.claim.push(executionMs(await claimPlan(db, "analyze, buffers")));
    await timed("stats", () => jobStats(ctx, job, 30));
    await timed("page", () => listJobRuns(ctx, CALLER, job, { limit: 50 }));
    await timed("pages", () => listRuns(ctx, CALLER, { state: "failed", limit: 50 }));
  }
  for (const values of Object.values(taken)) values.splice(0, 2); // the first ones find nothing in memory
  return taken;
}

class Undone extends Error {}

/** The plan of the claim as the service sends it, with one run that waits; all of it is taken back. */
async function claimPlan(db: Db, options: string): Promise<string[]> {
  let plan: string[] = [];
  const explaining = (tx: Db): Db => ({
    ...tx,
    async query(text, params) {
      const rows = await tx.query<{ "QUERY PLAN": string }>(`explain (${options}) ${text}`, params);
      plan = rows.map((row) => row["QUERY PLAN"]);
      return [];
    },
  });
  await db.transaction(async (tx) => {
    await tx.query(
      `insert into ops.job_runs (id, job_type, fire_key, scheduled_for, run_at)
       select id, 'custom', 'o:' || id, ops.now(), ops.now() from (select ops.uuid7() as id) as new`,
    );
    await claimRuns(explaining(tx), "nobody", { lease_s: 15, limit: 1, lane: "light" });
    throw new Undone();
  }).catch((error) => {
    if (!(error instanceof Undone)) throw error;
  });
  return plan;
}

const executionMs = (plan: string[]) => Number(/Execution Time: ([\d.]+) ms/.exec(plan.join("\n"))?.[1] ?? NaN);

/** Prints the plans, for whoever wants to see why. */
async function explained(stage: JobStage, job: string): Promise<void> {
  const { ctx, database: { db } } = stage;
  console.log(["", `${NAMES.claim}:`, ...await claimPlan(db, "analyze, buffers")].join("\n"));
  const spying: Db = {
    ...db,
    async query(text, params) {
      const rows = await db.query<{ "QUERY PLAN": string }>(`explain (analyze, buffers) ${text}`, params);
      console.log(rows.map((row) => row["QUERY PLAN"]).join("\n"));
      return await db.query(text, params);
    },
  };
  const told = { ...ctx, db: spying };
  for (
    const [what, verb] of [
      ["stats", () => jobStats(told, job, 30)],
      ["page", () => listJobRuns(told, CALLER, job, { limit: 50 })],
      ["pages", () => listRuns(told, CALLER, { state: "failed", limit: 50 })],
    ] as const
  ) {
    console.log(`\n${NAMES[what]}:`);
    await verb();
  }
}
