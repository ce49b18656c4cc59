import { atMost, type Bar, median, shared } from "./bar.ts";
import { memoryMiB } from "./cpu.ts";
import { type Server, startHandWritten, startOurs } from "./servers.ts";
import { alternate, LIST_PATH, METRICS, type Stage } from "./stage.ts";

const SETTLE_MS = 2_000;

/** Starts a server, looks at it, and ends it. */
async function started<T>(start: Promise<Server>, look: (server: Server) => T | Promise<T>): Promise<T> {
  const server = await start;
  try {
    return await look(server);
  } finally {
    await server.child.stop();
  }
}

const toFirstAnswer = (start: Promise<Server>) => started(start, (server) => server.first_answer_ms);
const shownMs = (values: number[]) => `${median(values).toFixed(0)} ms`;

/** From the start of the process to the first answer out of a migrated Postgres. */
export const coldStart: Bar = {
  name: "cold start on Postgres vs hand-written",
  unit: "",
  thresholds: atMost(2.0, 1.5),
  async run({ env, headers, rounds }) {
    const turns = await alternate(
      rounds,
      () => toFirstAnswer(startHandWritten({ env, path: LIST_PATH })),
      () => toFirstAnswer(startOurs({ env, headers, path: LIST_PATH })),
    );
    return {
      yardstick: shownMs(turns.map(([theirs]) => theirs)),
      ours: shownMs(turns.map(([, ours]) => ours)),
      values: turns.map(([theirs, ours]) => ours / theirs),
    };
  },
};

/** Embedded starts, each first on an empty directory and then on the one it left. */
const embedded = shared(async (stage: Stage) => {
  const [first, again, idle]: number[][] = [[], [], []];
  const repeats = Math.ceil(stage.rounds / 2);
  for (let i = 0; i < repeats; i++) {
    const env = { DATA_DIR: `${stage.scratch}/embedded${i}`, LOG_LEVEL: "info" };
    const start = () => startOurs({ env, path: `${METRICS}?limit=1` });
    first?.push(await toFirstAnswer(start()) / 1_000);
    await started(start(), async (server) => {
      again?.push(server.first_answer_ms / 1_000);
      idle?.push(await idleMiB(server));
    });
    await Deno.remove(env.DATA_DIR, { recursive: true });
  }
  return { first: first ?? [], again: again ?? [], idle: idle ?? [] };
});

async function idleMiB(server: Server): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  return memoryMiB(server.child.pid, "VmRSS");
}

const alone = (values: number[], unit: string, digits: number) => ({
  yardstick: "",
  ours: `${median(values).toFixed(digits)} ${unit}`,
  values,
});

/** Without `DATABASE_URL`, on a directory that does not exist yet. */
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
