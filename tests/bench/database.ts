import type { Database } from "../../db/client.ts";
import { openPostgres } from "../../db/postgres.ts";
import { run } from "./children.ts";
import { clusterOf } from "./cpu.ts";

/** A database of the benchmark's own, dropped when it ends. */
export type BenchDatabase = {
  url: string;
  db: Database;
  version: string;
  /** Process ids of the whole cluster behind it. */
  cluster(): number[];
  /** Runs a script by psql, as an operator would. */
  psql(script: string): Promise<void>;
  drop(): Promise<void>;
};

const surprises = {
  random: () => Math.random(),
  sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
};

/**
 * Makes an empty database on the server of `DATABASE_URL`, which must run on this machine.
 * @param patience_ms how long a statement of the benchmark's own may take
 */
export async function createDatabase(serverUrl: string, name: string, patience_ms = 120_000): Promise<BenchDatabase> {
  const admin = openPostgres(serverUrl, { ...surprises, max: 1, statement_timeout_ms: 60_000 });
  await admin.exec(`drop database if exists ${name} with (force)`);
  await admin.exec(`create database ${name}`);
  if (Deno.env.has("PGDATA_DIR")) await calm(admin);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const db = openPostgres(url.href, { ...surprises, max: 1, statement_timeout_ms: patience_ms });
  const [seen] = await db.query<{ pid: number; version: string }>(
    "select pg_backend_pid() as pid, current_setting('server_version') as version",
  );
  if (seen === undefined) throw new Error("Postgres did not tell its process id");
  return {
    url: url.href,
    db,
    version: seen.version.split(" ")[0] ?? "",
    cluster: clusterOf(seen.pid),
    psql: (script) => run(psqlPath(), ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url.href, "-f", script]),
    async drop() {
      await db.close();
      await admin.exec(`drop database if exists ${name} with (force)`);
      await admin.close();
    },
  };
}

/** On a server of our own: no checkpoint in the middle of a turn, after which every page is logged whole again. */
async function calm(admin: Database): Promise<void> {
  await admin.exec("alter system set checkpoint_timeout = '1h'");
  await admin.exec("alter system set max_wal_size = '8GB'");
  await admin.exec("select pg_reload_conf()");
}

/** Rows that the reads find: so many, over 90 days, in four series. */
export async function addRows(db: Database, rows: number, name: string): Promise<void> {
  for (let from = 1; from <= rows; from += STATEMENT_ROWS) {
    const to = Math.min(rows, from + STATEMENT_ROWS - 1);
    await db.exec(`
    insert into metrics (service_name, metric_type, metric_name, metric_value, metric_unit, dimensions, "timestamp", date, external_id)
    select s.service, s.type, s.name, i::int8 * 7919 % 50000 / 100.0, 'count',
      jsonb_build_object('country', (array['KE', 'UG', 'TZ', 'DE', 'US'])[i % 5 + 1], 'campaign', 'campaign_' || i % 13),
      at, (at at time zone 'UTC')::date, '${name}-' || i
    from generate_series(${from}, ${to}) as i
    cross join lateral (select '2025-03-01T00:00:00Z'::timestamptz + i * (interval '90 days' / ${rows + 1}) as at) as t
    join (values
      (0, 'partners_crm'::service_name, 'donation'::metric_type, 'donation_received'),
      (1, 'projects', 'beneficiary', 'beneficiaries_reached'),
      (2, 'social_media', 'social_post', 'post_reach'),
      (3, 'notification', 'notification', 'notification_sent')
    ) as s (k, service, type, name) on s.k = i % 4`);
  }
}

const STATEMENT_ROWS = 100_000;

/** From here on nothing works in the background, where it would count for whoever is measured just then. */
export async function settle(db: Database): Promise<void> {
  const tables = await db.query<{ name: string }>(
    "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('public', 'ops') order by 1",
  );
  for (const { name } of tables) await db.exec(`alter table ${name} set (autovacuum_enabled = off)`);
  await db.exec("vacuum analyze");
  await db.exec("checkpoint");
}

/** Empties the list of what the GIN index has still to take in, or the turn that fills it up pays for others. */
export async function mergePending(db: Database): Promise<void> {
  await db.query("select gin_clean_pending_list('metrics_dimensions')");
}

/** The psql of the server that `.ci/with-postgres` runs, else the one on the path. */
function psqlPath(): string {
  return Deno.env.get("PG_CTL")?.replace(/pg_ctl$/, "psql") ?? "psql";
}
