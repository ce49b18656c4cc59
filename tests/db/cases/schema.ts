import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { is } from "drizzle-orm";
import { getTableConfig, isPgEnum, PgTable } from "drizzle-orm/pg-core";
import type { Db } from "../../../db/client.ts";
import * as columns from "../../../db/schema/columns.ts";
import * as tables from "../../../db/schema/mod.ts";
import type { Cases } from "../engine.ts";

const COLUMNS = `
  select n.nspname || '.' || c.relname as owner, a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
    a.attnotnull as required, a.atthasdef as preset,
    exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary and a.attnum = any(i.indkey)) as key
  from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'r' and n.nspname in ('public', 'ops') and a.attnum > 0 and not a.attisdropped
  order by n.nspname collate "C", c.relname collate "C", a.attnum`;

const ENUMS = `
  select t.typname as name, jsonb_agg(e.enumlabel order by e.enumsortorder) as members
  from pg_type t join pg_enum e on e.enumtypid = t.oid
  group by t.typname order by t.typname collate "C"`;

type Column = { owner: string; name: string; type: string; required: boolean; preset: boolean; key: boolean };

/** What Drizzle believes of every table, in the words of the database. */
function believed(): Column[] {
  const configs = Object.values(tables).filter((table) => is(table, PgTable)).map(getTableConfig);
  return configs
    .map((config) => ({ ...config, owner: `${config.schema ?? "public"}.${config.name}` }))
    .sort((a, b) => a.owner < b.owner ? -1 : 1)
    .flatMap(({ owner, columns, primaryKeys }) => {
      const keys = new Set(primaryKeys.flatMap((key) => key.columns.map(({ name }) => name)));
      return columns.map((column) => ({
        owner,
        name: column.name,
        type: column.getSQLType().replace(/^timestamp$/, "timestamp without time zone"),
        required: column.notNull || keys.has(column.name),
        preset: column.hasDefault,
        key: column.primary || keys.has(column.name),
      }));
    });
}

async function count(db: Db, text: string): Promise<number> {
  const [row] = await db.query<{ n: number }>(`select count(*)::int as n from ${text}`);
  return row?.n ?? 0;
}

/** The stored schema and what the code believes of it. */
export const schemaCases: Cases = {
  "public holds six tables, 13 enums and 48 indexes": ({ onMigrated }) =>
    onMigrated(async (tx) => {
      equal(await count(tx, "pg_tables where schemaname = 'public'"), 6);
      equal(await count(tx, "pg_indexes where schemaname = 'public'"), 48);
      equal(await count(tx, "pg_type where typtype = 'e' and typnamespace = 'public'::regnamespace"), 13);
    }),

  "each table has the number of indexes that the design says": ({ onMigrated }) =>
    onMigrated(async (tx) => {
      const rows = await tx.query(
        "select tablename as name, count(*)::int as n from pg_indexes where schemaname = 'public' group by 1 order by 1",
      );
      equal(rows, [
        { name: "dashboards", n: 6 },
        { name: "data_syncs", n: 5 },
        { name: "goals", n: 9 },
        { name: "metrics", n: 9 },
        { name: "reports", n: 10 },
        { name: "scheduled_jobs", n: 9 },
      ]);
    }),

  "the twin enums have the same members": ({ onMigrated }) =>
    onMigrated(async (tx) => {
      const rows = await tx.query<{ name: string; members: string[] }>(ENUMS);
      const members = Object.fromEntries(rows.map((row) => [row.name, row.members]));
      equal(members["data_sync_service_name"], members["service_name"]);
      equal(members["goal_metric_type"], members["metric_type"]);
    }),

  "the enums of the code are the enums of the database": ({ onMigrated }) =>
    onMigrated(async (tx) => {
      const inCode = Object.values(columns)
        .flatMap((one: unknown) => isPgEnum(one) ? [{ name: one.enumName, members: one.enumValues }] : [])
        .sort((a, b) => a.name < b.name ? -1 : 1);
      equal(await tx.query(ENUMS), inCode);
    }),

  "every table of the code is the table of the database, and none is missing": ({ onMigrated }) =>
    onMigrated(async (tx) => equal(await tx.query<Column>(COLUMNS), believed())),

  "ids are version 7, and those made later sort later": ({ onMigrated }) =>
    onMigrated(async (tx) => {
      const made: string[] = [];
      for (let i = 0; i < 3; i++) {
        const [row] = await tx.query<{ id: string }>("select ops.uuid7()::text as id, pg_sleep(0.002)");
        made.push(row?.id ?? "");
      }
      for (const id of made) ok(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id), id);
      equal([...made].sort(), made);
    }),
};
