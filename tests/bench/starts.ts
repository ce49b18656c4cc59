import { atMost, type Bar, type Measured, median, shared } from "./bar.ts";
import { memoryMiB } from "./cpu.ts";
import { request } from "./load_client.ts";
import { batch } from "./rows.ts";
import { type Server, startHandWritten, startOurs } from "./servers.ts";
import { alternate, LIST_PATH, METRICS, type Stage } from "./stage.ts";

const IDLE_MS = 2_000;
const CONNECTIONS = 16;

/** From the start of the process to the first answer out of a migrated Postgres. */
export const coldStart: Bar = {
  name: "cold start on Postgres vs hand-written",
  unit: "",
  thresholds: atMost(2.0, 1.5),
  async run(stage) {
    const { env, headers } = stage;
    const turns = await alternate(
      stage,
      () => started(startHandWritten({ env, path: LIST_PATH }), toFirstAnswer),
      () => started(startOurs({ env, headers, path: LIST_PATH }), toFirstAnswer),
      1,
    );
    const shown = (values: number[]) => `${median(values).toFixed(0)} ms`;
    return {
      yardstick: shown(turns.map(([theirs]) => theirs)),
      ours: shown(turns.map(([, ours]) => ours)),
      values: turns.map(([theirs, ours]) => ours / theirs),
    };
  },
};

/** What a service on Postgres takes when nobody asks it anything, and the most it took under load. */
const onPostgres = shared(async ({ env, headers, database, load }: Stage) => {
  const [row] = await database.db.query<{ id: string }>("select id from metrics order by id limit 1");
  const json = { ...headers, "content-type": "application/json" };
  const many = (count: number, of: (i: number) => string) => ({
    total: count,
    requests: Array.from({ length: count }, (_, i) => of(i)),
  });
  const loads = [
    many(4_000, () => request("GET", `${METRICS}/${row?.id}`, headers)),
    many(800, () => request("GET", LIST_PATH, headers)),
    many(80, (i) => request("POST", METRICS, json, JSON.stringify(batch(`memory-${i}`)))),
  ];
  return await started(startOurs({ env, headers, path: LIST_PATH }), async (server) => {
    const idle = await idleMiB(server);
    for (const part of loads) await load.play({ port: server.port, connections: CONNECTIONS, ...part });
    return { idle: [idle], peak: [memoryMiB(server.child.pid, "VmHWM")] };
  });
});

export const idleMemory: Bar = {
  name: "memory idle, Postgres",
  unit: "MiB",
  thresholds: atMost(90, 70),
  run: async (stage) => alone((await onPostgres(stage)).idle, "MiB", 0),
};

export const peakMemory: Bar = {
  name: "memory peak at 16 connections, Postgres",
  unit: "MiB",
  thresholds: atMost(190, 150),
  run: async (stage) => alone((await onPostgres(stage)).peak, "MiB", 0),
};

/** Embedded starts, each first on a directory that does not exist and then on what the first one left. */
const embedded = shared(async ({ scratch, rounds }: Stage) => {
  const taken = { first: [] as number[], again: [] as number[], idle: [] as number[] };
  for (let i = 0; i < Math.round(rounds / 3); i++) {
    const env = { DATA_DIR: `${scratch}/embedded${i}`, LOG_LEVEL: "info" };
    await Deno.mkdir(env.DATA_DIR);
    const start = () => startOurs({ env, path: `${METRICS}?limit=1` });
    taken.first.push(await started(start(), toFirstAnswer) / 1_000);
    await started(start(), async (server) => {
      taken.again.push(toFirstAnswer(server) / 1_000);
      taken.idle.push(await idleMiB(server));
    });
    await Deno.remove(env.DATA_DIR, { recursive: true });
  }
  return taken;
});

/** Without `DATABASE_URL`, on an empty directory. */
export const embeddedFirst: Bar = {
  name: "embedded, first start",
  unit: "s",
  thresholds: atMost(3, 1.5),
  run: async (stage) => alone((await embedded(stage)).first, "s", 2),
};

/** The same on the directory of an earlier run. */
export const embeddedAgain: Bar = {
  name: "embedded, existing directory",
  unit: "s",
  thresholds: atMost(1.8, 1.2),
  run: async (stage) => alone((await embedded(stage)).again, "s", 2),
};

export const embeddedMemory: Bar = {
  name: "memory idle, embedded",
  unit: "MiB",
  thresholds: atMost(450, 400),
  run: async (stage) => alone((await embedded(stage)).idle, "MiB", 0),
};

const toFirstAnswer = (server: Server) => server.first_answer_ms;

/** Waits for a server's start, looks at it, and ends it. */
async function started<T>(start: Promise<Server>, look: (server: Server) => T | Promise<T>): Promise<T> {
  const server = await start;
  try {
    return await look(server);
  } finally {
    await server.child.stop();
  }
}

async function idleMiB(server: Server): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
  return memoryMiB(server.child.pid, "VmRSS");
}

/** A value that nothing is compared with. */
function alone(values: number[], unit: string, digits: number): Measured {
  return { yardstick: "", ours: `${median(values).toFixed(digits)} ${unit}`, values };
}
