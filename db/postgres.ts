import type { Database, Db, Surprises } from "./client.ts";
import { connect, openPool, type Pooled, type PoolOptions } from "./postgres_pool.ts";

export type PostgresOptions = Omit<PoolOptions, "settings">;

/**
 * What the ledger's statements need beside the others: one plan for each, because to plan a claim costs more than to run
 * it; and an error instead of a long wait for a row that a frozen process may hold.
 */
const LEDGER_SETTINGS = { plan_cache_mode: "force_generic_plan", lock_timeout: 3_000 };

/**
 * The ledger's own pools, each opened when first used. What a look writes (accounts, claims, leases) need not wait for the
 * disk: where a crash of the server loses it, it is done again, and an end that builds on it takes it to the disk.
 */
const LEDGER_POOLS = {
  looks: { max: 3, settings: { ...LEDGER_SETTINGS, synchronous_commit: "off" } },
  ends: { max: 4, settings: LEDGER_SETTINGS },
};

/** Opens Postgres: a pool for everything, those of the ledger, and listeners. */
export function openPostgres(url: string, options: PostgresOptions): Database {
  const pool = openPool(url, options);
  const ends: (() => Promise<void>)[] = [pool.close];
  const opened: Partial<Record<keyof typeof LEDGER_POOLS, Pooled>> = {};
  let closed = false;
  const ledgerPool = (name: keyof typeof LEDGER_POOLS): Db => {
    const { max, settings } = LEDGER_POOLS[name];
    const own = opened[name] ??= openPool(url, { ...options, max: Math.min(max, options.max ?? max), settings });
    return own;
  };
  return {
    ...pool,
    kind: "postgres",
    ledger: {
      get looks() {
        return ledgerPool("looks");
      },
      get ends() {
        return ledgerPool("ends");
      },
    },
    listen(channel, heard) {
      ends.push(listen(url, options, () => closed, { channel, heard }));
    },
    async close() {
      closed = true;
      await Promise.all([...ends, ...Object.values(opened).map((own) => own.close)].map((end) => end()));
    },
  };
}

/** Listens over a connection of its own; returns what ends it. */
function listen(
  url: string,
  { sleep }: Surprises,
  closed: () => boolean,
  { channel, heard }: { channel: string; heard: (payload: string) => void },
): () => Promise<void> {
  const sql = connect(url, 1, {});
  // The driver listens again after its connection was lost, but gives up where the first one never came about.
  const hear = (): Promise<unknown> =>
    sql.listen(channel, heard).catch(async () => {
      await sleep(1_000);
      if (!closed()) await hear();
    });
  hear();
  return () => sql.end({ timeout: 0.5 });
}
