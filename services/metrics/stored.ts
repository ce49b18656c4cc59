import {
  countMetrics,
  deleteMetric as deleteRow,
  enterDelete,
  findExternal,
  findMetric,
  type ListedMetric,
  listMetrics as listRows,
  type MetricFilter,
  type MetricRow,
} from "../../db/metrics.ts";
import { countReadings } from "../../db/metric_series.ts";
import type { Db } from "../../db/client.ts";
import type { Caller } from "../access.ts";
import type { Needs } from "../context.ts";
import { DomainError } from "../errors.ts";
import { knownTotal, type Page, pageOf, type Place, type Total } from "../paging.ts";
import { ingestMetrics, type IngestOptions } from "./ingest.ts";
import { publicly, refusePersonal, seesAll } from "./personal.ts";
import type { MetricCreate, MetricResponse } from "./schema.ts";
import { rowId } from "./sent_rows.ts";

/**
 * Stores one metric, or updates the one with its external_id, and answers it as it is then stored.
 * One transaction; sending it again is safe only with an external_id.
 * @throws {DomainError} `invalid` with pointers such as `/metric_value`; `conflict` where it was deleted meanwhile
 */
export async function createMetric(
  ctx: Needs<"db" | "ids" | "config">,
  caller: Caller,
  row: unknown,
  { alone }: Pick<IngestOptions, "alone"> = {},
): Promise<{ metric: MetricResponse; created: boolean }> {
  const batch = ctx.ids.uuid();
  const ids = { ...ctx.ids, uuid: () => batch };
  const { accepted, rejected, warnings } = await ingestMetrics({ ...ctx, ids }, caller, [row], { alone });
  if (rejected[0] !== undefined) {
    throw new DomainError("invalid", "The metric is not valid", { errors: rejected[0].errors });
  }
  const { service_name, external_id } = row as MetricCreate; // nothing was rejected
  const stored = accepted === 0 && typeof external_id === "string"
    ? await findExternal(ctx.db, service_name, external_id)
    : await findMetric(ctx.db, rowId(batch, 0));
  if (stored === null) throw new DomainError("conflict", "The metric was deleted as soon as it was stored");
  const metric = shown(caller, stored);
  return { metric: warnings.length > 0 ? { ...metric, warnings } : metric, created: accepted > 0 };
}

/**
 * One metric.
 * @throws {DomainError} `not_found`
 */
export async function getMetric(ctx: Needs<"db">, caller: Caller, id: string): Promise<MetricResponse> {
  const row = await findMetric(ctx.db, id);
  if (row === null) throw new DomainError("not_found", "There is no such metric");
  return seesAll(caller) ? row : shown(caller, row); // a row is its JSON already
}

/**
 * Deletes a metric and takes it out of everything that was computed from it.
 * @param version only if it is still this version; null for any
 * @throws {DomainError} `not_found`, `precondition_failed` for another version, `invalid_state` for a metric from before
 *   retention's floor, which the roll-ups keep for ever
 */
export async function deleteMetric(ctx: Needs<"db">, id: string, version: number | null): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const found = await enterDelete(tx, id);
    if (found === null) throw new DomainError("not_found", "There is no such metric");
    if (version !== null && found.version !== version) {
      throw new DomainError("precondition_failed", "The metric changed in the meantime");
    }
    if (found.frozen) throw new DomainError("invalid_state", "The metric is from before the retention limit; it stays");
    await deleteRow(tx, id);
  });
}

/** A list of metrics, the latest first. */
export async function listMetrics(
  ctx: Needs<"db" | "clock">,
  caller: Caller,
  filter: MetricFilter,
  place: Place<readonly [timestamp: string, id: string]>,
): Promise<Page<MetricResponse>> {
  refusePersonal(caller, filter.dimensions.map((one) => one.key));
  const { skip, limit, after } = place;
  const rows = await listRows(ctx.db, filter, { skip, rows: limit + 1, after });
  const total = knownTotal(rows.length, place) ?? await totalOf(ctx, filter, rows[0]);
  return pageOf(rows.map((row) => shown(caller, row)), place, total, (row) => [row.timestamp, row.id]);
}

/** The public projection of a row, or the whole of it. */
export function shown(caller: Caller, row: MetricRow): MetricResponse {
  const all = seesAll(caller);
  return {
    id: row.id,
    service_name: row.service_name,
    metric_type: row.metric_type,
    metric_name: row.metric_name,
    ...publicly(caller, row),
    metric_unit: row.metric_unit,
    timestamp: row.timestamp,
    date: row.date,
    external_id: all ? row.external_id : null,
    metadata: all ? row.metadata : null,
    version: row.version,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}

const MOST_COUNTED = 10_000;
const TOTAL_MS = 1_000;
const MOST_TOTALS = 500;

/** Memory only: totals by filter, each good until the next write, and not for long. */
const totals = new WeakMap<Db, Map<string, { total: Total; change: string; at: number }>>();

/**
 * The length of a whole list. Roll-ups know it but for dimensions; those are counted, up to 10,000. It is remembered
 * while nothing is written, and at most a second, because a write that was under way may be missing from it.
 */
async function totalOf(
  { db, clock }: Needs<"db" | "clock">,
  filter: MetricFilter,
  row: ListedMetric | undefined,
): Promise<Total> {
  const known = totals.get(db) ?? new Map();
  totals.set(db, known);
  const key = JSON.stringify(filter);
  const held = known.get(key);
  const at = clock.monotonic();
  if (held !== undefined && held.change === row?.change && at - held.at < TOTAL_MS) return held.total;
  const total = await counted(db, filter);
  if (known.size >= MOST_TOTALS) known.clear();
  if (row !== undefined) known.set(key, { total, change: row.change, at });
  return total;
}

async function counted(db: Db, filter: MetricFilter): Promise<Total> {
  if (filter.dimensions.length === 0) return { total: await countReadings(db, filter) };
  const total = await countMetrics(db, filter, MOST_COUNTED + 1);
  return total > MOST_COUNTED ? { total: MOST_COUNTED, total_is_lower_bound: true } : { total };
}
