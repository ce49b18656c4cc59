import type { Db } from "../../db/client.ts";
import { type KnownSeries, recordedSince } from "../../db/metric_series.ts";
import { addDays } from "../days.ts";
import { choose } from "../metrics/choose.ts";
import type { ComparisonRequest } from "./schema.ts";

/** The series of a comparison: of services one group for each, else one; all of one kind and unit. */
export type Meant = { groups: KnownSeries[][]; warnings: string[] };

const LAST_YEAR_DAYS = 365;

/** Whether a series is one that a request names. */
export function isMeant(one: KnownSeries, request: ComparisonRequest): boolean {
  const { service_name, services, metric_type, metric_name, metric_unit } = request;
  return one.metric_type === metric_type && (service_name === undefined || one.service_name === service_name) &&
    (services === undefined || services.includes(one.service_name)) &&
    (metric_name === undefined || one.metric_name === metric_name) &&
    (metric_unit === undefined || one.metric_unit === metric_unit);
}

/**
 * Settles what a request left open, among the series that it means.
 * @param today the local day that ends the last year
 */
export async function meantSeries(
  db: Db,
  recorded: KnownSeries[],
  request: Pick<ComparisonRequest, "comparison_type" | "services">,
  today: string,
): Promise<Meant> {
  if (request.comparison_type !== "service") {
    const { series, warnings } = await choose(db, recorded, "nothing", today);
    return { groups: series.length === 0 ? [] : [series], warnings };
  }
  const counts = await recordedSince(db, recorded, addDays(today, -LAST_YEAR_DAYS));
  const counted = recorded.map((series, i) => ({ series, count: counts[i] ?? 0 }));
  const { groups, warnings } = seriesByService(counted);
  const silent = (request.services ?? []).filter((name) => !recorded.some((one) => one.service_name === name));
  return { groups, warnings: [...warnings, ...silent.map((name) => `${name} records nothing like this`)] };
}

type Counted = { series: KnownSeries; count: number };

/**
 * For each service the metric that stands for it (the only one, else the primary, else the most recorded), and of these
 * those in the unit and of the kind most recorded.
 */
export function seriesByService(recorded: readonly Counted[]): Meant {
  const standing = [...Map.groupBy(recorded, ({ series }) => series.service_name).values()].flatMap((own) => {
    const metrics = [...Map.groupBy(own, ({ series }) => series.metric_name).values()];
    const primary = metrics.find((metric) => metric.some(({ series }) => series.is_primary));
    return primary ?? most(metrics);
  });
  const units = [...Map.groupBy(standing, ({ series }) => `${unitOf(series)}, ${series.kind}`)];
  const chosen = most(units.map(([, own]) => own));
  const [head] = chosen;
  const others = units.filter(([, own]) => own !== chosen).map(([unit]) => unit);
  const names = new Set(chosen.map(({ series }) => series.metric_name));
  const unlike = chosen.map(({ series }) => `${series.service_name} ${series.metric_name}`);
  return {
    groups: [...Map.groupBy(chosen, ({ series }) => series.service_name).values()].map((own) =>
      own.map(({ series }) => series)
    ),
    warnings: [
      ...(head !== undefined && others.length > 0
        ? [
          `Recorded in ${units.length} units or kinds, which are not compared; this is ${unitOf(head.series)}, ` +
          `${head.series.kind}, the most recorded of the last year. Others: ${others.join("; ")}`,
        ]
        : []),
      ...(names.size > 1 ? [`The services stand with different metrics: ${[...new Set(unlike)].join(", ")}`] : []),
    ],
  };
}

const unitOf = ({ metric_unit }: KnownSeries) => metric_unit ?? "no unit";

/** The part with the most readings; the first of equals. */
function most(parts: readonly (readonly Counted[])[]): readonly Counted[] {
  const totals = parts.map((part) => part.reduce((sum, { count }) => sum + count, 0));
  return parts[totals.indexOf(Math.max(...totals))] ?? [];
}
