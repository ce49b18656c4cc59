import type { Db } from "../../db/client.ts";
import { atMost, type Bar, median, shared } from "./bar.ts";
import { spentMs, usage } from "./cpu.ts";
import { settle } from "./database.ts";
import { batch, COPY_COLUMNS } from "./rows.ts";
import { alternate, type Stage } from "./stage.ts";

const BATCHES = 24;

type Spent = { cpu_ms: number; wal_bytes: number };

/** The same inserts without and with the triggers, in turns; leaves the roll-ups counted anew. */
const measured = shared(async (stage: Stage) => {
  const { db } = stage.database;
  const batches = Math.max(8, Math.round(BATCHES * stage.scale));
  const turns = await alternate(stage.rounds, async (round) => {
    await db.exec("alter table metrics disable trigger user");
    const spent = await insert(stage, `plain${round}`, batches);
    await db.exec("alter table metrics enable trigger user");
    return spent;
  }, (round) => insert(stage, `rolled${round}`, batches));
  await db.exec("select ops.rebuild_rollups()");
  await settle(db);
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

async function ratio(stage: Stage, of: (spent: Spent) => number, show: (perBatch: number) => string) {
  const turns = await measured(stage);
  return {
    yardstick: `${show(median(turns.map(([plain]) => of(plain))))} without`,
    ours: `${show(median(turns.map(([, rolled]) => of(rolled))))} with`,
    values: turns.map(([plain, rolled]) => of(rolled) / of(plain)),
  };
}

/** Inserts fresh batches on one connection and tells what one cost, CPU and WAL. */
async function insert({ database: { db, cluster } }: Stage, name: string, batches: number): Promise<Spent> {
  const texts = Array.from({ length: batches }, (_, i) => JSON.stringify(batch(`${name}-${i}`)));
  const before = usage(cluster());
  const from = await walBytes(db);
  for (const text of texts) await db.query(INSERT, [text]);
  const to = await walBytes(db);
  return { cpu_ms: spentMs(before, usage(cluster())) / batches, wal_bytes: (to - from) / batches };
}

const INSERT = `
  insert into metrics (${COPY_COLUMNS})
  select service_name, metric_type, metric_name, metric_value, metric_unit, dimensions, "timestamp", "timestamp"::date, external_id
  from jsonb_to_recordset($1::text::jsonb) as r (service_name service_name, metric_type metric_type, metric_name text,
    metric_value float8, metric_unit text, dimensions jsonb, "timestamp" timestamptz, external_id text)`;

async function walBytes(db: Db): Promise<number> {
  const [row] = await db.query<{ bytes: number }>("select (pg_current_wal_lsn() - '0/0')::float8 as bytes");
  return row?.bytes ?? NaN;
}
