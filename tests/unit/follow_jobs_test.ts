import { deepStrictEqual as equal } from "node:assert/strict";
import type { Db } from "../../db/client.ts";
import { followJobs } from "../../jobs/scheduler.ts";
import { readConfig } from "../../services/config.ts";

type Made = { name: string; schedule: string; signal: AbortSignal; handler: () => void };
type Row = { id: string; revision: number; schedule: string; timezone: string };

const minutely = (id: string, revision = 1): Row => ({ id, revision, schedule: "* * * * *", timezone: "UTC" });

/** Turns of the event loop enough for everything that waits for nothing else. */
const turn = () => new Promise((resolve) => setTimeout(resolve));

/** A table, a process and its cron, all of which the test steers. */
function world(env: Record<string, string> = {}) {
  const made: Made[] = [];
  const logged: string[] = [];
  const waits: { ms: number; go: () => void }[] = [];
  const state = { rows: [] as Row[] | Error, cron: "there" as "there" | "full" | "absent", reads: 0, woken: 0 };
  const cron = (name: string, schedule: string, { signal }: { signal: AbortSignal }, handler: () => void) => {
    if (state.cron === "full") throw new TypeError("Too many crons");
    made.push({ name, schedule, signal, handler });
    return Promise.resolve();
  };
  const query = () => {
    state.reads++;
    return state.rows instanceof Error ? Promise.reject(state.rows) : Promise.resolve(state.rows);
  };
  const sleep = (ms: number, signal?: AbortSignal) =>
    new Promise<void>((go) => {
      if (signal?.aborted) return go();
      waits.push({ ms, go });
      signal?.addEventListener("abort", () => go());
    });
  const quiet = () => {};
  const warn = (message: string) => void logged.push(message);
  const ctx = {
    db: { query } as unknown as Db, // the one call that reads the table
    clock: { now: () => 0, monotonic: () => 0, sleep },
    log: { info: quiet, warn, error: quiet, request: quiet },
    config: readConfig(env),
    runs: { wake: () => void state.woken++ },
  };
  const open = () => made.filter(({ signal }) => !signal.aborted).map(({ name }) => name);
  return { state, made, logged, waits, ctx, open, cron };
}

/** Runs a test with the world's cron in the place of `Deno.cron`, and ends what it began. */
async function following(
  w: ReturnType<typeof world>,
  test: (followed: ReturnType<typeof followJobs>) => Promise<void>,
): Promise<void> {
  const before = Object.getOwnPropertyDescriptor(Deno, "cron");
  const end = new AbortController();
  Object.defineProperty(Deno, "cron", { value: w.state.cron === "absent" ? undefined : w.cron, configurable: true });
  try {
    const followed = followJobs(w.ctx, end.signal);
    await turn();
    await test(followed);
    end.abort();
    await followed.done;
  } finally {
    if (before === undefined) Reflect.deleteProperty(Deno, "cron");
    else Object.defineProperty(Deno, "cron", before);
  }
}

/** Lets the process clock pass the wait that it is in. */
async function pass({ waits }: ReturnType<typeof world>): Promise<number | undefined> {
  const wait = waits.shift();
  wait?.go();
  await turn();
  return wait?.ms;
}

Deno.test("jobs get wake-ups as the table says, an edit replaces them, and the end closes all", async () => {
  const w = world();
  w.state.rows = [minutely("a"), minutely("b")];
  await following(w, async ({ sync }) => {
    equal(w.open(), ["job-a-r1-0", "job-b-r1-1"]);
    w.made[0]?.handler();
    equal(w.state.woken, 1);

    w.state.rows = [minutely("b"), minutely("a", 2)];
    sync();
    await pass(w); // the pause after the look before
    equal(w.open(), ["job-b-r1-1", "job-a-r2-2"]);
  });
  equal(w.open(), []);
});

Deno.test("the table is looked at every minute, and edits that come together are one look", async () => {
  const w = world();
  await following(w, async ({ sync }) => {
    for (let i = 0; i < 50; i++) sync();
    equal([await pass(w), w.state.reads], [1_000, 2]);
    equal([await pass(w), w.state.reads], [1_000, 2]);
    equal([await pass(w), w.state.reads], [59_000, 3]);
  });
});

Deno.test("a table that cannot be read, or a cron that takes no more, is said once a look and tried again", async () => {
  const w = world();
  w.state.rows = new Error("away");
  await following(w, async () => {
    equal(w.logged.length, 1);
    w.state.rows = [minutely("a")];
    w.state.cron = "full";
    await pass(w);
    await pass(w);
    equal([w.logged.length, w.open()], [2, []]);
    w.state.cron = "there";
    await pass(w);
    await pass(w);
    equal([w.logged.length, w.open()], [2, ["job-a-r1-1"]]); // the name that was refused is not used again
  });
});

Deno.test("where waking throws, the handler does not", async () => {
  const w = world();
  w.state.rows = [minutely("a")];
  w.ctx.runs.wake = () => {
    throw new Error("not awake");
  };
  await following(w, () => Promise.resolve(w.made[0]?.handler()));
});

Deno.test("without Deno.cron, and on Deno Deploy, no job gets a wake-up of its own, and the table is not read", async () => {
  const absent = world();
  absent.state.cron = "absent";
  const deploy = world({ DENO_DEPLOY: "true" });
  for (const w of [absent, deploy]) {
    w.state.rows = [minutely("a")];
    await following(w, ({ sync }) => Promise.resolve(sync()));
    equal([w.made.length, w.state.reads], [0, 0]);
  }
});
