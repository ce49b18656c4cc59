import type { Db } from "../../db/client.ts";
import { randomIds } from "../../services/adapters/random_ids.ts";
import { systemClock } from "../../services/adapters/system_clock.ts";
import { readConfig } from "../../services/config.ts";
import { ingestMetrics } from "../../services/metrics/mod.ts";
import { atMost, type Bar, type Measured, median, shared } from "./bar.ts";
import { spentMs, usage } from "./cpu.ts";
import { mergePending, settle } from "./database.ts";
import { batch } from "./rows.ts";
import { alternate, type Stage } from "./stage.ts";

const BATCHES = 8;
const TURNS = 3; // short turns and more of them: their ratio is what counts, and a disturbance spoils fewer

let turn = 0;

type Spent = { cpu_ms: number; wal_bytes: number };

/** The same inserts without and with the triggers, in turns; afterwards the roll-ups are true again. */
const measured = shared(async (stage: Stage) => {
  const { db } = stage.database;
  await settle(db);
  const turns = await alternate({ ...stage, rounds: stage.rounds * TURNS }, async (round) => {
    await db.exec("alter table metrics disable trigger user");
    const spent = await insert(stage, `plain${round}`);
    await db.exec("alter table metrics enable trigger user");
    return spent;
  }, (round) => insert(stage, `rolled${round}`));
  await db.exec("select ops.rebuild_rollups()");
  return turns;
});

/** Postgres's CPU time with the triggers over without. */
export const rollupCpu: Bar = {
  name: "roll-up overhead, Postgres CPU",
  unit: "",
  thresholds: atMost(1.20, 1.10),
  run: (stage) => ratio(stage, ({ cpu_ms }) => cpu_ms, (ms) => `${ms.toFixed(1)} ms`),
};

/** Bytes of write-ahead log with the triggers over without. */
export const rollupWal: Bar = {
  name: "roll-up overhead, WAL",
  unit: "",
  thresholds: atMost(1.06, 1.04),
  run: (stage) => ratio(stage, ({ wal_bytes }) => wal_bytes, (bytes) => `${(bytes / 1_000).toFixed(0)} kB`),
};

async function ratio(
  stage: Stage,
  of: (spent: Spent) => number,
  show: (perBatch: number) => string,
): Promise<Measured> {
  const turns = await measured(stage);
  return {
    yardstick: `${show(median(turns.map(([plain]) => of(plain))))} without`,
    ours: `${show(median(turns.map(([, rolled]) => of(rolled))))} with`,
    values: turns.map(([plain, rolled]) => of(rolled) / of(plain)),
  };
}

/**
 * Ingests fresh batches as the service does, on one connection, and tells what one cost Postgres. Each turn has hours of
 * its own: in those of the turns before, it would find the index pages just split or just before it.
 */
async function insert({ database: { db, cluster } }: Stage, name: string): Promise<Spent> {
  const hours = ++turn;
  const sent = Array.from({ length: BATCHES }, (_, i) => batch(`${name}-${i}`, hours));
  const ctx = { db, ids: randomIds(systemClock), config: readConfig({}) };
  await mergePending(db);
  const before = usage(cluster());
  const from = await walBytes(db);
  for (const rows of sent) await ingestMetrics(ctx, { kind: "local" }, rows, { alone: true });
  await mergePending(db); // each turn pays for its own
  const to = await walBytes(db);
  return { cpu_ms: spentMs(before, usage(cluster())) / BATCHES, wal_bytes: (to - from) / BATCHES };
}

async function walBytes(db: Db): Promise<number> {
  const [row] = await db.query<{ bytes: number }>("select (pg_current_wal_insert_lsn() - '0/0')::float8 as bytes");
  return row?.bytes ?? NaN;
}
