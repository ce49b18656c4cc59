/**
 * The yardstick: what somebody would write by hand for these three requests alone, and write well. Deno.serve and
 * postgres.js with prepared statements, no framework, the same rows and the same JSON as the service; no
 * authentication, no ETag, no limits, no log, and no validation beyond what the statements need.
 * @module
 */
import postgres from "postgres";

const asText = (oid: number, parse: (text: string) => string) => ({ to: oid, from: [oid], serialize: String, parse });
const same = (text: string) => text;

const sql = postgres(Deno.env.get("DATABASE_URL") ?? "", {
  max: 10,
  fetch_types: false,
  onnotice: () => {},
  connection: { TimeZone: "UTC" },
  types: {
    date: asText(1082, same),
    timestamptz: asText(1184, (text) => `${text.slice(0, 10)}T${text.slice(11, -3)}Z`),
    int8: asText(20, same),
  },
});
const query = (text: string, params: (string | number)[]) => sql.unsafe(text, params, { prepare: true });

const COLUMNS = `id, service_name, metric_type, metric_name, metric_value, metric_unit, dimensions, "timestamp", date,
  external_id, metadata, version, created_at, updated_at`;
const ONE = `select ${COLUMNS} from metrics where id = $1`;
const LIST = `select ${COLUMNS} from metrics where service_name = $1 and metric_type = $2
  order by "timestamp" desc, id desc limit $3`;
const COUNT = `select coalesce(sum(n), 0)::int as total from ops.metric_rollups
  where service_name = $1 and metric_type = $2 and grain = 'd'`;
const INGEST = `with put as (
  insert into metrics as m (service_name, metric_type, metric_name, metric_value, metric_unit, dimensions, "timestamp",
    date, external_id)
  select s, t, n, v, u, d, at, at::date, e
  from unnest($1::text::service_name[], $2::text::metric_type[], $3::text::text[], $4::text::float8[], $5::text::text[],
    $6::text::jsonb[], $7::text::timestamptz[], $8::text::text[]) as x (s, t, n, v, u, d, at, e)
  on conflict (service_name, external_id) where external_id is not null do update set
    metric_type = excluded.metric_type, metric_name = excluded.metric_name, metric_value = excluded.metric_value,
    metric_unit = excluded.metric_unit, dimensions = excluded.dimensions, "timestamp" = excluded."timestamp",
    date = excluded.date, version = m.version + 1, updated_at = now()
  where (m.metric_value, m.metric_unit, m.dimensions, m."timestamp")
    is distinct from (excluded.metric_value, excluded.metric_unit, excluded.dimensions, excluded."timestamp")
  returning (xmax = 0) as fresh)
select count(*) filter (where fresh)::int as accepted, count(*) filter (where not fresh)::int as updated from put`;

const METRICS = "/api/v1/metrics"; // not imported: that would load the whole framework
const JSON_HEADERS = { headers: { "content-type": "application/json" } };
const answer = (body: unknown) => new Response(JSON.stringify(body), JSON_HEADERS);

Deno.serve({ hostname: "127.0.0.1", port: Number(Deno.env.get("PORT")), onListen: () => {} }, async (req) => {
  const path = req.url.slice(req.url.indexOf("/", 8));
  if (req.method === "POST" && path === METRICS) return answer(await ingest(await req.json()));
  if (path.startsWith(`${METRICS}?`)) return answer(await list(new URLSearchParams(path.slice(METRICS.length + 1))));
  if (path.startsWith(`${METRICS}/`)) {
    const [row] = await query(ONE, [path.slice(METRICS.length + 1)]);
    return row === undefined ? new Response(null, { status: 404 }) : answer(row);
  }
  return new Response(null, { status: 404 });
});

async function list(asked: URLSearchParams) {
  const [service, type] = [asked.get("service_name") ?? "", asked.get("metric_type") ?? ""];
  const limit = Number(asked.get("limit") ?? 100);
  const [items, [counted]] = await Promise.all([
    query(LIST, [service, type, limit + 1]), // one more tells whether there is a next page
    query(COUNT, [service, type]),
  ]);
  const more = items.length > limit;
  if (more) items.length = limit;
  const last = items[limit - 1];
  const cursor = last === undefined ? "" : btoa(JSON.stringify([last["timestamp"], last["id"]])).replace(/=+$/, "");
  return { items, total: counted?.["total"], skip: 0, limit, next_cursor: more ? cursor : null };
}

type Row =
  & Record<"service_name" | "metric_type" | "metric_name" | "metric_unit" | "timestamp" | "external_id", string>
  & {
    metric_value: number;
    dimensions: Record<string, unknown>;
  };

async function ingest(rows: Row[]) {
  const [stored] = await query(INGEST, [
    plain(rows, (row) => row.service_name),
    plain(rows, (row) => row.metric_type),
    quoted(rows, (row) => row.metric_name),
    plain(rows, (row) => row.metric_value),
    quoted(rows, (row) => row.metric_unit),
    quoted(rows, (row) => JSON.stringify(row.dimensions)),
    plain(rows, (row) => row.timestamp),
    quoted(rows, (row) => row.external_id),
  ]);
  const { accepted, updated } = stored as unknown as { accepted: number; updated: number };
  return { accepted, updated, duplicates: rows.length - accepted - updated, rejected: [], warnings: [] };
}

const plain = (rows: Row[], of: (row: Row) => string | number) => `{${rows.map(of).join(",")}}`;
const quoted = (rows: Row[], of: (row: Row) => string) =>
  `{${rows.map((row) => `"${of(row).replace(/["\\]/g, "\\$&")}"`).join(",")}}`;
