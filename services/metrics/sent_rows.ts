import type { Columns, Series } from "../../db/metrics_ingest.ts";
import { daysBetween } from "../days.ts";
import type { FieldError } from "../errors.ts";
import { tooOld, violationsOf } from "./explain.ts";
import { localDay } from "./local_time.ts";
import { isMetricRow } from "./metric_row.ts";
import type { MetricCreate } from "./schema.ts";

/** A row that was not stored, by its place in the batch, with pointers into the row. */
export type Rejection = { index: number; errors: FieldError[] };

/** A good row, its place in the batch, and its series' place among the batch's series. */
export type Sent = { index: number; row: MetricCreate; k: number };

/** The rows that may be stored, and their distinct series; the others are told to `rejected`. */
export function goodRows(rows: readonly unknown[], timezone: string, rejected: Rejection[]) {
  const sent: Sent[] = [];
  const series: Series[] = [];
  const byName = new Map<string, number[]>();
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index];
    if (!isMetricRow(row)) {
      const errors = violationsOf(row);
      rejected.push({ index, errors: errors.length > 0 ? errors : [{ pointer: "", detail: "is not valid" }] });
      continue;
    }
    const misdated = dateViolation(row, timezone);
    if (misdated === null) sent.push({ index, row, k: seriesOf(row, series, byName) });
    else rejected.push({ index, errors: [misdated] });
  }
  return { sent, series };
}

/** The place of a row's series among the known ones, where it is added if it is new. */
function seriesOf(row: MetricCreate, series: Series[], byName: Map<string, number[]>): number {
  const { service_name, metric_type, metric_name, metric_unit = null } = row;
  let places = byName.get(metric_name);
  if (places === undefined) byName.set(metric_name, places = []);
  for (const k of places) {
    const known = series[k];
    if (
      known?.metric_unit === metric_unit && known.service_name === service_name && known.metric_type === metric_type
    ) return k;
  }
  places.push(series.length);
  return series.push({ service_name, metric_type, metric_name, metric_unit }) - 1;
}

/** A date may differ from the timestamp's local one by a day, for senders that close their days at another hour. */
function dateViolation({ timestamp, date }: MetricCreate, timezone: string): FieldError | null {
  if (timestamp === undefined || date === undefined) return null;
  const local = localDay(timezone, Date.parse(timestamp));
  if (local === date || Math.abs(daysBetween(local, date)) <= 1) return null;
  return { pointer: "/date", detail: `must be within a day of the timestamp's local date, ${local}` };
}

/** The rows that retention has not passed; the others are told to `late`. */
export function recentRows(sent: readonly Sent[], floor: string, timezone: string, late: Rejection[]): Sent[] {
  return sent.filter(({ index, row: { date, timestamp } }) => {
    const day = date ?? (timestamp === undefined ? undefined : localDay(timezone, Date.parse(timestamp)));
    if (day === undefined || day >= floor) return true;
    late.push({ index, errors: [tooOld(floor)] });
    return false;
  });
}

/** Of rows with the same external_id the last one: a statement may not touch a stored row twice. */
export function latestTwins(sent: readonly Sent[]): readonly Sent[] {
  const seen = new Map<string, Set<string>>();
  const kept: Sent[] = [];
  for (let i = sent.length - 1; i >= 0; i--) {
    const one = sent[i] as Sent; // i is within the array
    const id = one.row.external_id;
    if (id !== undefined && id !== null) {
      let ids = seen.get(one.row.service_name);
      if (ids === undefined) seen.set(one.row.service_name, ids = new Set());
      if (ids.size === ids.add(id).size) continue;
    }
    kept.push(one);
  }
  return kept.reverse();
}

/**
 * The id of a row of a batch: one UUID of version 7 with the row's place in the 14 bits after the time (RFC 9562, 6.2,
 * method 1), so that ids grow in the order of the batch and cost a tenth.
 * @param place below 16,384
 */
export function rowId(batch: string, place: number): string {
  return `${batch.slice(0, 15)}${COUNTERS[place >> 2]}-${"89ab"[place & 3]}${batch.slice(20)}`;
}

/** The rows by column. */
export function columns(sent: readonly Sent[], series: Series[], batch: string): Columns {
  const rows: Columns = {
    series,
    of: [],
    ids: [],
    values: [],
    timestamps: [],
    dates: [],
    external_ids: [],
    dimensions: [],
  };
  for (let i = 0; i < sent.length; i++) {
    const { row, k } = sent[i] as Sent; // i is within the array
    rows.of.push(k);
    rows.ids.push(rowId(batch, i));
    rows.values.push(row.metric_value ?? row.value ?? NaN);
    rows.timestamps.push(row.timestamp === undefined ? null : storable(row.timestamp));
    rows.dates.push(row.date ?? null);
    rows.external_ids.push(row.external_id ?? null);
    rows.dimensions.push(row.dimensions ?? NONE);
  }
  return rows;
}

const COUNTERS = Array.from({ length: 0x1000 }, (_, number) => number.toString(16).padStart(3, "0"));
const NONE = {};

/** Postgres knows no offset of 16 hours or more, RFC 3339 does. */
function storable(timestamp: string): string {
  return timestamp.endsWith("Z") || timestamp.slice(-5, -3) < "16" ? timestamp : new Date(timestamp).toISOString();
}
