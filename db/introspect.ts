import type { Db } from "./client.ts";

/** Each answers (section, owner, rank, name, line): lines of one owner stand together, in the order of rank and name. */
const TYPES = `
  select 1, n.nspname || '.' || t.typname, 1, '', 'type ' || n.nspname || '.' || t.typname || case t.typtype
    when 'e' then ' enum (' || (
      select string_agg(quote_literal(enumlabel), ', ' order by enumsortorder) from pg_enum where enumtypid = t.oid
    ) || ')'
    else ' (' || (
      select string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' order by attnum)
      from pg_attribute where attrelid = t.typrelid
    ) || ')' end
  from pg_type t join pg_namespace n on n.oid = t.typnamespace left join pg_class c on c.oid = t.typrelid
  where t.typtype = 'e' or c.relkind = 'c'`;

const SEQUENCES = `
  select 2, schemaname || '.' || sequencename, 1, '',
    format('sequence %s.%s %s start %s increment %s', schemaname, sequencename, data_type, start_value, increment_by)
  from pg_sequences`;

const TABLES = `
  select 3, n.nspname || '.' || c.relname, 1, '',
    'table ' || n.nspname || '.' || c.relname || coalesce(' with (' || array_to_string(c.reloptions, ', ') || ')', '')
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm')`;

const COLUMNS = `
  select 3, n.nspname || '.' || c.relname, 2, to_char(a.attnum, '0000'),
    a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || case when a.attnotnull then ' not null' else '' end
      || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
  from pg_attribute a
  join pg_class c on c.oid = a.attrelid
  join pg_namespace n on n.oid = c.relnamespace
  left join pg_attrdef d on (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
  where c.relkind in ('r', 'p', 'v', 'm') and a.attnum > 0 and not a.attisdropped`;

/** Postgres 18 lists NOT NULL among the constraints, 15 does not; the columns say it already. */
const CONSTRAINTS = `
  select 3, n.nspname || '.' || c.relname, 3, k.conname, 'constraint ' || k.conname || ' ' || pg_get_constraintdef(k.oid)
  from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
  where k.contype not in ('n', 't')`;

const INDEXES = `
  select 3, schemaname || '.' || tablename, 4, indexname, indexdef from pg_indexes`;

const TRIGGERS = `
  select 3, n.nspname || '.' || c.relname, 5, t.tgname, pg_get_triggerdef(t.oid)
  from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
  where not t.tgisinternal`;

const FUNCTIONS = `
  select 4, n.nspname || '.' || p.proname, 1, '', format('function %s.%s(%s) returns %s language %s %s parallel %s%s as %s',
    n.nspname, p.proname, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid), l.lanname,
    case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end,
    case p.proparallel when 's' then 'safe' when 'r' then 'restricted' else 'unsafe' end,
    coalesce(' set ' || array_to_string(p.proconfig, ', '), ''), p.prosrc)
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang`;

const LINES = `
  with lines (section, owner, rank, name, line) as (
    ${[TYPES, SEQUENCES, TABLES, COLUMNS, CONSTRAINTS, INDEXES, TRIGGERS, FUNCTIONS].join(" union all ")}
  )
  select line, section >= 3 and rank = 1 as begins, rank > 1 as inside
  from lines
  where split_part(owner, '.', 1) in ('public', 'ops')
  order by section, owner collate "C", rank, name collate "C", line collate "C"`;

/**
 * The schemas public and ops as text, the same for the same migrations on Postgres 15 and on PGlite:
 * types, sequences, tables with their columns, constraints, indexes and triggers, functions.
 */
export async function schemaText(db: Db): Promise<string> {
  const rows = await db.query<{ line: string; begins: boolean; inside: boolean }>(LINES);
  const lines = rows.map(({ line, begins, inside }) => (begins ? "\n" : "") + (inside ? "  " : "") + line.trimEnd());
  return lines.join("\n") + "\n";
}
