import { deepStrictEqual as equal } from "node:assert/strict";
import fc from "fast-check";
import { type Db, sqlState } from "../../../db/client.ts";
import { loadMigrations, migrateUp } from "../../../db/migrate.ts";
import { openPostgres } from "../../../db/postgres.ts";
import { ALL_SERIES, differences, lock, put, type Reading, reading, withoutTwins } from "./rollups.ts";

const WRITERS = 8;
const ROUNDS = 10;
const BATCH_ROWS = 120;

/** What one writer does in one transaction; the same external ids for all of them, so that they meet. */
type Work = { readings: Reading[]; kind: "put" | "replay" | "correct" | "remove" };

function workOf(seed: number): Work[] {
  const rows = fc.sample(reading, { seed, numRuns: BATCH_ROWS });
  return Array.from({ length: ROUNDS }, (_, round) => {
    const from = (round % 4) * BATCH_ROWS / 4;
    const named = rows.slice(from, from + BATCH_ROWS / 2).map((one, i) => ({
      ...one,
      id: (seed * ROUNDS + round) * 1_000 + i,
      external_id: one.external_id ?? (i % 3 === 0 ? `w${i}` : null),
      value: round % 2 === 0 ? one.value : -one.value,
    }));
    return { kind: KINDS[(seed + round) % KINDS.length] ?? "put", readings: withoutTwins(named) };
  });
}

const KINDS = ["put", "correct", "replay", "remove", "put"] as const;

async function perform(tx: Db, { kind, readings }: Work): Promise<void> {
  switch (kind) {
    case "put":
      return await put(tx, readings);
    case "replay":
      await put(tx, readings);
      return await put(
        tx,
        readings.map((one) => ({ ...one, id: one.id + 500 })).filter((one) => one.external_id !== null),
      );
    case "correct":
      return void await tx.query(
        `update metrics set metric_value = -metric_value, dimensions = dimensions || '{"platform": "z"}',
           "timestamp" = "timestamp" + interval '7 minutes'
         where external_id = any($1::text::text[])`,
        [`{${readings.flatMap((one) => one.external_id ?? []).join(",")}}`],
      );
    case "remove":
      return void await tx.query(
        "delete from metrics where right(id::text, 8)::int % 7 = $1 or external_id = $2",
        [readings.length % 7, readings.find((one) => one.external_id !== null)?.external_id ?? ""],
      );
  }
}

/** The series that a transaction may touch. Two of them share a service, so a known external id may move between them. */
function touched({ kind, readings }: Work): number[] {
  if (kind === "correct" || kind === "remove") return ALL_SERIES;
  return ALL_SERIES.filter((i) => readings.some(({ series }) => series === i || (series ^ 1) === i));
}

/** How often the database broke a deadlock while eight writers met in the same buckets, and what the roll-ups got wrong. */
async function meet(
  url: string,
  begin: (tx: Db, work: Work) => Promise<void>,
): Promise<{ deadlocks: number; wrong: unknown[] }> {
  let deadlocks = 0;
  const sleep = () => Promise.resolve(void deadlocks++);
  const db = openPostgres(url, { random: () => 0.5, sleep, max: WRITERS });
  try {
    await migrateUp(db, await loadMigrations());
    await Promise.all(Array.from({ length: WRITERS }, async (_, writer) => {
      for (const work of workOf(writer + 1)) await insist(db, (tx) => begin(tx, work).then(() => perform(tx, work)));
    }));
    return { deadlocks, wrong: await differences(db) };
  } finally {
    await db.close();
  }
}

/** Tries again until the transaction is not the victim of a deadlock; the executor itself gives up after three times. */
async function insist(db: Db, work: (tx: Db) => Promise<void>): Promise<void> {
  try {
    await db.transaction(work);
  } catch (error) {
    if (sqlState(error) !== "40P01") throw error;
    await insist(db, work);
  }
}

/** Eight writers that take the locks of their series first, as the service does. */
export async function orderlyWriters(url: string): Promise<void> {
  equal(await meet(url, (tx, work) => lock(tx, touched(work))), { deadlocks: 0, wrong: [] });
}

/** Eight writers that take no locks: the database breaks their deadlocks, soon here, and nothing gets wrong. */
export async function carelessWriters(url: string): Promise<void> {
  const { wrong } = await meet(url, (tx) => tx.exec("set local deadlock_timeout = '10ms'"));
  equal(wrong, []);
}
