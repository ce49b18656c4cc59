import {
  enterIngest,
  type Inserted,
  insertMetrics,
  type Series,
  type Stored,
  storeMetrics,
} from "../../db/metrics_ingest.ts";
import { type Caller, may } from "../access.ts";
import type { Needs } from "../context.ts";
import { DomainError } from "../errors.ts";
import { tooOld } from "./explain.ts";
import { BATCH_ROWS, FREE_TYPES } from "./schema.ts";
import { columns, goodRows, latestTwins, recentRows, type Rejection, type Sent } from "./sent_rows.ts";

/** What became of the rows of a batch. */
export type Ingested = {
  /** Rows stored anew. */
  accepted: number;
  /** Resent rows that changed what is stored. */
  updated: number;
  /** Resent rows that say what is stored already, and earlier ones of several with the same external_id. */
  duplicates: number;
  rejected: Rejection[];
  warnings: string[];
};

/** How a batch is stored. */
export type IngestOptions = {
  /** All or nothing: one rejected row and nothing is stored. */
  atomic?: boolean | undefined;
  /** The caller has no transaction open: new rows may be stored at once, and corrections of known ones after them. */
  alone?: boolean | undefined;
};

/**
 * Stores a batch of at most 10,000 rows, as they came from outside: unknown until checked here.
 *
 * One transaction: a crash loses the whole batch or nothing of it. Only where it is `alone`, not `atomic` and sends rows
 * again, a crash may keep its new rows without its corrections. Sending it again is safe for rows with an external_id
 * and doubles the others.
 * @throws {DomainError} `forbidden`; `invalid` for too many rows; in atomic mode when a row is rejected, with pointers
 *   such as `/3/metric_value`
 */
export async function ingestMetrics(
  ctx: Needs<"db" | "ids" | "config">,
  caller: Caller,
  rows: readonly unknown[],
  { atomic = false, alone = false }: IngestOptions = {},
): Promise<Ingested> {
  if (!may(caller, "write")) throw new DomainError("forbidden", "Sending metrics needs the scope write");
  if (rows.length > BATCH_ROWS) throw new DomainError("invalid", `A batch has at most ${BATCH_ROWS} rows`);
  const rejected: Rejection[] = [];
  const batch = goodRows(rows, ctx.config.ORG_TIMEZONE, rejected);
  if (atomic) refuseAny(rejected);
  if (batch.sent.length === 0) return { accepted: 0, updated: 0, duplicates: 0, rejected, warnings: [] };
  const stored = alone && !atomic ? await storeNew(ctx, batch) : await storeAny(ctx, batch, atomic);
  const { accepted, updated, late, warnings } = stored;
  return {
    accepted,
    updated,
    duplicates: batch.sent.length - late.length - accepted - updated,
    rejected: [...rejected, ...late].sort((a, b) => a.index - b.index),
    warnings,
  };
}

type Batch = { sent: readonly Sent[]; series: Series[] };
type Outcome = { accepted: number; updated: number; late: Rejection[]; warnings: string[] };
type IngestCtx = Needs<"db" | "ids" | "config">;

/** Stores rows that are most likely new, beside those of other writers; what turns out to be known goes the long way. */
async function storeNew(ctx: IngestCtx, { sent, series }: Batch): Promise<Outcome> {
  const first = await insertMetrics(ctx.db, columns(sent, series, ctx.ids.uuid()), ctx.config.ORG_TIMEZONE);
  const more = first.known.length > 0 ? await storeAny(ctx, { sent: knownRows(sent, first), series }, false) : NOTHING;
  return {
    accepted: first.accepted + more.accepted,
    updated: more.updated,
    late: [...lateRows(sent, first), ...more.late],
    warnings: unknownNames(first.undefined_names.flatMap((k) => series[k] ?? [])),
  };
}

const NOTHING: Outcome = { accepted: 0, updated: 0, late: [], warnings: [] };

/** The rows that were not new, but for earlier ones of several with the same external_id. */
function knownRows(sent: readonly Sent[], { known, too_old }: Inserted): Sent[] {
  const [late, found] = [new Set(too_old), new Set(known)];
  const last = new Set(latestTwins(sent.filter((_, place) => !late.has(place))));
  return sent.filter((row, place) => found.has(place) && last.has(row));
}

/** Stores rows of any kind, alone with their series until the transaction ends. */
function storeAny(ctx: IngestCtx, { sent, series }: Batch, atomic: boolean): Promise<Outcome> {
  const timezone = ctx.config.ORG_TIMEZONE;
  return ctx.db.transaction(async (tx) => {
    const { detail_floor: floor, undefined_names } = await enterIngest(tx, series);
    const late: Rejection[] = [];
    const kept = latestTwins(floor === null ? sent : recentRows(sent, floor, timezone, late));
    const stored = await storeMetrics(tx, columns(kept, series, ctx.ids.uuid()), timezone);
    late.push(...lateRows(kept, stored));
    if (atomic) refuseAny(late);
    const warnings = unknownNames(undefined_names.flatMap((k) => series[k] ?? []));
    return { accepted: stored.accepted, updated: stored.updated, late, warnings };
  });
}

function lateRows(sent: readonly Sent[], { too_old, detail_floor }: Stored): Rejection[] {
  return too_old.flatMap((place) => {
    const row = sent[place];
    return row === undefined ? [] : [{ index: row.index, errors: [tooOld(detail_floor)] }];
  });
}

function refuseAny(rejected: readonly Rejection[]): void {
  if (rejected.length === 0) return;
  const errors = rejected.flatMap(({ index, errors }) =>
    errors.map(({ pointer, detail }) => ({ pointer: `/${index}${pointer}`, detail }))
  );
  const rows = rejected.length === 1 ? "1 row is" : `${rejected.length} rows are`;
  throw new DomainError("invalid", `${rows} not valid; nothing was stored`, { errors: errors.slice(0, 100) });
}

const MOST_WARNINGS = 20;

function unknownNames(series: readonly Series[]): string[] {
  const names = new Set(
    series.filter(({ metric_type }) => !FREE_TYPES.includes(metric_type)).map(
      ({ service_name, metric_type, metric_name }) =>
        `${JSON.stringify(metric_name)} is not defined for ${service_name} / ${metric_type}; it is taken as a flow`,
    ),
  );
  const warnings = [...names].slice(0, MOST_WARNINGS);
  if (names.size > warnings.length) warnings.push(`${names.size - warnings.length} more names are not defined`);
  return warnings;
}
