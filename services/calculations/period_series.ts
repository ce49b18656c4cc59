import type { KnownSeries } from "../../db/metric_series.ts";
import { type GroupValues, measured } from "../metrics/groups.ts";
import type { MetricKind } from "../metrics/schema.ts";
import type { SeriesRef } from "./request.ts";
import type { CalculationWindow } from "./window.ts";

/** One series by the complete periods of a window. */
export type PeriodSeries = {
  ref: SeriesRef;
  /** What the answer calls it; unique among the series of a question. */
  label: string;
  /** What a request without names turned out to mean; as asked where nothing is recorded. */
  metric_name: string | null;
  unit: string | null;
  kind: MetricKind;
  /** One for each period: a flow's sum, a gauge's last level, a sample's average; null where not known. */
  values: (number | null)[];
  /** Readings in each period. */
  readings: number[];
  /** Values that are known. */
  known: number;
  /** Why nothing like it is recorded, in the window or not; null where something is. */
  unrecorded: string | null;
};

/** What was read of one series. */
export type SeriesRead = {
  ref: SeriesRef;
  series: readonly KnownSeries[];
  /** Why there is none; null where there is. */
  unrecorded: string | null;
  values: readonly GroupValues[];
  /** The day from which the rows that were read are kept; null where all are. */
  kept_from: string | null;
  /** The last day on which the service sent anything. */
  heard: string;
};

const MEASURE = { flow: "sum", gauge: "last", sample: "avg" } as const;

/**
 * A series on the complete periods of a window; its label is still the one asked, or its metric's name.
 *
 * A period without a reading is 0 for a flow from its first recorded day to the last day on which its service sent
 * anything, and unknown otherwise, as it is for a level or a sample. A week, month, quarter or year that a flow's record
 * only begins or ends in is unknown too, for its sum would be too small.
 */
export function periodSeries(
  { ref, series, unrecorded, values, kept_from, heard }: SeriesRead,
  { periods }: CalculationWindow,
): PeriodSeries {
  const [head] = series;
  const kind = head?.kind ?? "flow";
  const recorded = series.map((one) => one.first_day).reduce((a, b) => a < b ? a : b, "9999");
  const first = kept_from !== null && kept_from > recorded ? kept_from : recorded;
  const read = new Map(values.map((value) => [value.b, value]));
  const told = periods.map(({ b, start_date, end_date }) => {
    const own = read.get(b);
    const n = own?.n ?? 0;
    if (kind === "flow") return { n, value: start_date >= first && end_date <= heard ? own?.sum ?? 0 : null };
    return { n, value: own === undefined || n === 0 ? null : measured(kind, MEASURE[kind], own) };
  });
  const metric_name = head?.metric_name ?? ref.metric_name ?? null;
  return {
    ref,
    label: ref.label ?? metric_name ?? `${ref.service_name} ${ref.metric_type}`,
    ...{ metric_name, unit: head?.metric_unit ?? ref.metric_unit ?? null, kind },
    values: told.map(({ value }) => value),
    readings: told.map(({ n }) => n),
    known: told.filter(({ value }) => value !== null).length,
    unrecorded,
  };
}
