import type { KnownSeries } from "../../db/metric_series.ts";

const MOST_NAMED = 5;

/**
 * Of the names of one service and type those that one axis can show: of the unit and kind of the primary one, else of
 * most of them. The warning names the others.
 */
export function comparable(recorded: readonly KnownSeries[]): { series: KnownSeries[]; warnings: string[] } {
  const scales = Map.groupBy(recorded, scaleOf);
  const largest = [...scales.values()].sort((a, b) => b.length - a.length)[0] ?? [];
  const primary = recorded.find((one) => one.is_primary);
  const series = primary === undefined ? largest : scales.get(scaleOf(primary)) ?? [];
  const left = recorded.filter((one) => !series.includes(one)).map((one) => `${one.metric_name} (${scaleOf(one)})`);
  if (left.length === 0) return { series, warnings: [] };
  const named = left.slice(0, MOST_NAMED).join(", ") + (left.length > MOST_NAMED ? ", …" : "");
  return { series, warnings: [`Left out, because only one unit and kind can be compared: ${named}`] };
}

const scaleOf = ({ metric_unit, kind }: KnownSeries) => `${kind} in ${metric_unit ?? "no unit"}`;
