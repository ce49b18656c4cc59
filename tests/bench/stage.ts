import { randomIds } from "../../services/adapters/random_ids.ts";
import { systemClock } from "../../services/adapters/system_clock.ts";
import { createKey } from "../../services/keys/mod.ts";
import { spentMs, usage } from "./cpu.ts";
import { type BenchDatabase, createDatabase, seed } from "./database.ts";
import { type Load, startLoad } from "./load_client.ts";
import type { Plan } from "./load.ts";
import { type Server, startHandWritten, startOurs } from "./servers.ts";

/** What every bar finds ready. */
export type Stage = {
  /** How many rounds are to be measured, and by how much the amounts shrink. */
  rounds: number;
  scale: number;
  /** The server of `DATABASE_URL`, for bars that need a database of their own. */
  serverUrl: string;
  /** A migrated database with rows to read, and the two servers over it. */
  database: BenchDatabase;
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

/** Sets everything up. The service migrates the empty database itself, as it would anywhere. */
export async function openStage(serverUrl: string, scratch: string, rounds: number, scale: number): Promise<Stage> {
  const database = await createDatabase(serverUrl, `bench_${Deno.pid}`);
  const env = {
    DATABASE_URL: database.url,
    DATA_DIR: `${scratch}/ours`,
    AUTH_MODE: "token",
    LOG_LEVEL: "info",
  };
  const first = await startOurs({ env, path: HEALTH });
  await first.child.stop();
  await seed(database.db, Math.round(SEEDED_ROWS * scale));
  const headers = { authorization: `Bearer ${await apiKey(database)}` };
  const [handWritten, ours] = await Promise.all([
    startHandWritten({ env, path: LIST_PATH }),
    startOurs({ env, headers, path: LIST_PATH }),
  ]);
  return { rounds, scale, serverUrl, database, handWritten, ours, env, headers, load: startLoad(), scratch };
}

/** The paths that both servers know. */
export const HEALTH = "/api/v1/health";
export const METRICS = "/api/v1/metrics";
export const LIST_PATH = `${METRICS}?service_name=partners_crm&metric_type=donation&limit=50`;

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
export type Cost = { ms: number; server_ms: number; postgres_ms: number; p99_ms: number };

/** Plays a load on a server and tells what it cost. */
export async function cost(stage: Stage, server: Server, plan: Omit<Plan, "port">): Promise<Cost> {
  const look = () => ({ server: usage([server.child.pid]), postgres: usage(stage.database.cluster()) });
  const before = look();
  const { ms, p99 } = await stage.load.play({ ...plan, port: server.port });
  const after = look();
  return {
    ms,
    p99_ms: p99,
    server_ms: spentMs(before.server, after.server),
    postgres_ms: spentMs(before.postgres, after.postgres),
  };
}

/** Takes turns, A B A B …, after one turn each that does not count. What disturbs the machine disturbs both. */
export async function alternate<A, B>(
  rounds: number,
  first: (round: number) => Promise<A>,
  second: (round: number) => Promise<B>,
): Promise<[A, B][]> {
  const taken: [A, B][] = [];
  for (let round = -1; round < rounds; round++) {
    const pair: [A, B] = [await first(round), await second(round)];
    if (round >= 0) taken.push(pair);
  }
  return taken;
}
