import { findSeries, type Found, type KnownSeries } from "../../db/metric_series.ts";
import { cutOf } from "../analytics/cut.ts";
import type { Needs } from "../context.ts";
import { choose } from "../metrics/choose.ts";
import { readGroups } from "../metrics/groups.ts";
import { refuseUnknownName } from "../metrics/known_name.ts";
import { mostRowsRead } from "../metrics/row_reads.ts";
import { whyUnrecorded } from "../metrics/unrecorded.ts";
import { labelled } from "./labels.ts";
import { type PeriodSeries, periodSeries, type SeriesRead } from "./period_series.ts";
import type { SeriesRef, WindowRequest } from "./request.ts";
import type { CalculationMeta } from "./schema.ts";
import { type CalculationWindow, calculationWindow } from "./window.ts";

export type { PeriodSeries } from "./period_series.ts";

/** Series on the same periods, and what the answer says about them. */
export type AlignedSeries = { window: CalculationWindow; series: PeriodSeries[]; meta: CalculationMeta };

/** A reference, and where it stands in the request. */
export type PlacedRef = { ref: SeriesRef; pointer: string };

/**
 * Reads series as one value per complete calendar period, all on the same periods; which periods are known, and what of,
 * says `periodSeries`.
 * @throws {DomainError} `invalid` for a metric name that the service has none of, naming the nearest, for an impossible
 *   window, and for dimensions whose rows are too many to read
 */
export async function readAligned(
  ctx: Needs<"db" | "config">,
  refs: readonly PlacedRef[],
  asked: WindowRequest,
): Promise<AlignedSeries> {
  const found = await findSeries(ctx.db, {});
  const window = calculationWindow(ctx, asked, found.now);
  const read = await Promise.all(refs.map((placed) => readOne(ctx, placed, found, window)));
  const series = labelled(read.map((one) => periodSeries(one, window)));
  const warnings = read.flatMap((one, i) => one.warnings.map((warning) => `${series[i]?.label}: ${warning}`));
  const data_through = read.flatMap((one) => one.series.map(({ last_at }) => last_at)).sort().at(-1) ?? null;
  return { window, series, meta: metaOf(window, data_through, warnings) };
}

/** What an answer says about its window. */
export function metaOf(window: CalculationWindow, data_through: string | null, warnings: string[]): CalculationMeta {
  const { start_date, end_date, timezone, complete, interval, periods, left_out } = window;
  const period = { start_date, end_date, timezone, complete };
  return { period, interval, periods: periods.length, left_out, data_through, warnings };
}

async function readOne(
  ctx: Needs<"db" | "config">,
  { ref, pointer }: PlacedRef,
  found: Found,
  window: CalculationWindow,
): Promise<SeriesRead & { warnings: string[] }> {
  const meant = found.series.filter((one) => isMeant(one, ref));
  if (meant.length === 0) await refuseUnknownName(ctx.db, ref, pointer);
  const { series, warnings } = await choose(ctx.db, meant, "nothing", window.today);
  const unrecorded = meant.length === 0 ? whyUnrecorded(found.series, ref) : null;
  const service = found.series.filter((one) => one.service_name === ref.service_name);
  const heard = service.map((one) => one.last_day).reduce((a, b) => a > b ? a : b, "");
  if (series.length === 0 || window.periods.length === 0) {
    return { ref, series, unrecorded, values: [], kept_from: null, heard, warnings };
  }
  const { source, values } = await readGroups(ctx.db, {
    targets: series.map((one) => ({ ...one, g: 0 })),
    cut: cutOf(ctx, window, [window.interval]),
    now: window.now,
    filters: Object.entries(ref.dimensions ?? {}).map(([key, value]) => ({ key, values: [value] })),
    ...{ split: [], distinct: [], percentiles: false, most_rows: mostRowsRead(ctx.config) },
  });
  const kept_from = source === "rows" ? found.detail_floor : null;
  const lost = kept_from !== null && window.start_date < kept_from
    ? [`rows dated before ${kept_from} are no longer kept; periods before it are not known`]
    : [];
  return { ref, series, unrecorded, values, kept_from, heard, warnings: [...warnings, ...lost] };
}

/** Whether a recorded series is of what a reference names. */
export function isMeant(one: KnownSeries, ref: SeriesRef): boolean {
  return one.service_name === ref.service_name && one.metric_type === ref.metric_type &&
    (ref.metric_name === undefined || one.metric_name === ref.metric_name) &&
    (ref.metric_unit === undefined || one.metric_unit === ref.metric_unit);
}
