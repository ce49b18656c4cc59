import { deepStrictEqual } from "node:assert/strict";
import { randomIds } from "../../services/adapters/random_ids.ts";
import { systemClock } from "../../services/adapters/system_clock.ts";
import { createKey } from "../../services/keys/mod.ts";
import { spentMs, usage } from "./cpu.ts";
import { addRows, type BenchDatabase, settle } from "./database.ts";
import { type Load, startLoad } from "./load_client.ts";
import type { Plan } from "./load.ts";
import { type Server, startHandWritten, startOurs } from "./servers.ts";

/** What every bar finds ready. */
export type Stage = {
  /** How many rounds are to be measured, for how long at most, and by how much the amounts shrink. */
  rounds: number;
  patience_s: number;
  scale: number;
  /** A migrated database with so many rows to read, and the two servers over it. */
  database: BenchDatabase;
  seeded: number;
  handWritten: Server;
  ours: Server;
  /** The environment of a service on that database, with everything on, and the headers it asks for. */
  env: Record<string, string>;
  headers: Record<string, string>;
  load: Load;
  /** Directories for files, deleted at the end. */
  scratch: string;
};

const SEEDED_ROWS = 100_000;
const CALLER = "b3c9a1de-0000-4000-8000-000000000001";

/** Sets the stage up on a new database, which the service migrates itself, as it would anywhere. */
export async function openStage(database: BenchDatabase, scratch: string, effort: Effort): Promise<Stage> {
  const env = {
    DATABASE_URL: database.url,
    DATA_DIR: `${scratch}/ours`,
    AUTH_MODE: "token",
    LOG_LEVEL: "info",
  };
  const first = await startOurs({ env, path: HEALTH });
  await first.child.stop();
  const seeded = Math.round(SEEDED_ROWS * effort.scale);
  await addRows(database.db, seeded, "seed");
  await settle(database.db);
  const headers = { authorization: `Bearer ${await apiKey(database)}` };
  const [handWritten, ours] = await Promise.all([
    startHandWritten({ env, path: LIST_PATH }),
    startOurs({ env, headers, path: LIST_PATH }),
  ]);
  await compareAnswers(database, handWritten, ours);
  return { ...effort, database, seeded, handWritten, ours, env, headers, load: startLoad(), scratch };
}

/** How much is measured. */
export type Effort = Pick<Stage, "rounds" | "patience_s" | "scale">;

/** The paths that both servers know. */
export const HEALTH = "/api/v1/health";
export const METRICS = "/api/v1/metrics";
export const LIST_PATH = `${METRICS}?service_name=partners_crm&metric_type=donation&limit=50`;

/** A comparison is only worth something between servers that say the same. */
async function compareAnswers({ db }: BenchDatabase, handWritten: Server, ours: Server): Promise<void> {
  const [row] = await db.query<{ id: string }>("select id from metrics order by id limit 1");
  for (const path of [LIST_PATH, `${METRICS}/${row?.id}`]) {
    const ask = async ({ port, headers }: Server) =>
      (await fetch(`http://127.0.0.1:${port}${path}`, { headers })).json();
    deepStrictEqual(await ask(ours), await ask(handWritten));
  }
}

async function apiKey({ db }: BenchDatabase): Promise<string> {
  const ctx = { db, ids: randomIds(systemClock) };
  const { key } = await createKey(ctx, { kind: "local" }, {
    name: "benchmark",
    caller_id: CALLER,
    scopes: ["read", "write"],
    expires_at: null,
  });
  return key;
}

/** Milliseconds that a piece of load took, and the CPU time it cost the server and the Postgres cluster. */
export type Cost = { ms: number; server_ms: number; postgres_ms: number };

/** Plays a load on a server and tells what it cost. */
export async function cost(stage: Stage, server: Server, plan: Omit<Plan, "port">): Promise<Cost> {
  const look = () => ({ server: usage([server.child.pid]), postgres: usage(stage.database.cluster()) });
  const before = look();
  const { ms } = await stage.load.play({ ...plan, port: server.port });
  const after = look();
  return {
    ms,
    server_ms: spentMs(before.server, after.server),
    postgres_ms: spentMs(before.postgres, after.postgres),
  };
}

const WARM_UP = 2; // turns of each that do not count: code gets compiled, caches fill
const FEWEST = 3;

/**
 * Takes turns, A B, B A, A B …: what disturbs the machine disturbs both, and neither gains from being second. Ends after
 * the stage's rounds, or when its patience is over, but not before three rounds.
 */
export async function alternate<A, B>(
  { rounds, patience_s }: Pick<Stage, "rounds" | "patience_s">,
  first: (round: number) => Promise<A>,
  second: (round: number) => Promise<B>,
  warmUp = WARM_UP,
): Promise<[A, B][]> {
  const taken: [A, B][] = [];
  const over = performance.now() + patience_s * 1_000;
  for (let round = -warmUp; round < rounds; round++) {
    const pair = round % 2 === 0
      ? [await first(round), await second(round)] as const
      : await swapped(first, second, round);
    if (round >= 0) taken.push([...pair]);
    if (taken.length >= FEWEST && performance.now() > over) break;
  }
  return taken;
}

async function swapped<A, B>(
  first: (round: number) => Promise<A>,
  second: (round: number) => Promise<B>,
  round: number,
): Promise<[A, B]> {
  const last = await second(round);
  return [await first(round), last];
}
