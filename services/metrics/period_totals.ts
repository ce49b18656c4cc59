import { findSeries, type KnownSeries, stateOf } from "../../db/metric_series.ts";
import type { MetricType, ServiceName } from "../../db/schema/enums.ts";
import type { Needs } from "../context.ts";
import { cutWindow } from "./axis.ts";
import { type GroupValues, measured, readGroups } from "./groups.ts";
import type { MetricKind } from "./schema.ts";

/** Local days, both inclusive, and which services and types; all when absent. */
export type PeriodQuery = {
  start_date: string;
  end_date: string;
  services?: readonly ServiceName[] | undefined;
  metric_types?: readonly MetricType[] | undefined;
};

/** What one metric amounts to in a period. */
export type PeriodTotal = {
  service_name: ServiceName;
  metric_type: MetricType;
  metric_name: string;
  metric_unit: string | null;
  kind: MetricKind;
  /** Whether it stands for its service and type. */
  is_primary: boolean;
  /** Readings in the period. */
  n: number;
  /** A flow's sum, a gauge's level at the period's end (its last readings may be older), a sample's average. */
  total: number;
  /** Of single readings; null where a gauge had none in the period. */
  min: number | null;
  max: number | null;
  avg: number | null;
  /** The latest reading; of a gauge, its level. */
  last: number | null;
};

/** All metrics of a period, and which state of them this is. */
export type PeriodTotals = {
  /** Ordered by service, type, name and unit. */
  totals: PeriodTotal[];
  /** Changes whenever a metric of the window does. */
  data_version: string;
  /** The last local day in the window with a row, or null. */
  data_through: string | null;
};

/** One row for each metric and unit with anything in the period, by the readings' own dates. */
export async function periodTotals(ctx: Needs<"db">, query: PeriodQuery): Promise<PeriodTotals> {
  const { start_date, end_date, services, metric_types } = query;
  const found = await findSeries(ctx.db, {});
  const recorded = found.series.filter((one) =>
    (services?.includes(one.service_name) ?? true) && (metric_types?.includes(one.metric_type) ?? true)
  );
  const targets = recorded.map((one, g) => ({ ...one, g }));
  const cut = cutWindow({ start_date, end_date, timezone: ORG }, [], ORG);
  const question = { targets, cut, now: Infinity, split: [], filters: [], distinct: [], percentiles: false };
  const { values } = await readGroups(ctx.db, question);
  const state = await stateOf(ctx.db, targets, start_date, end_date);
  return {
    totals: values.sort((a, b) => a.g - b.g).flatMap((value) => total(targets[value.g], value)),
    data_version: state.version,
    data_through: state.last_day,
  };
}

/** The readings' own dates are days of the organisation's zone already, whichever that is. */
const ORG = "UTC";

function total(series: KnownSeries | undefined, value: GroupValues): PeriodTotal[] {
  if (series === undefined) return [];
  const { service_name, metric_type, metric_name, metric_unit, kind, is_primary } = series;
  const amount = measured(kind, kind === "sample" ? "avg" : "sum", value);
  if (amount === null) return [];
  const { n, min, max, avg } = value;
  return [{
    ...{ service_name, metric_type, metric_name, metric_unit, kind, is_primary, n, total: amount, min, max, avg },
    last: measured(kind, "last", value),
  }];
}
