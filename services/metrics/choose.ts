import type { Db } from "../../db/client.ts";
import { type KnownSeries, recordedSince } from "../../db/metric_series.ts";
import { addDays } from "../days.ts";

/** What may vary between the series of one answer. */
export type Varying = "nothing" | "service_name" | "metric_name";

/** One metric in one unit, and what the caller should know about the choice. */
export type Chosen = { series: KnownSeries[]; warnings: string[] };

const LAST_YEAR_DAYS = 365;

/**
 * Settles what a question left open: the metric (the only one recorded, else the primary, else the most recorded of the
 * last year), then its unit (the only one, else the defined one, else the most recorded).
 * @param today the local day that ends the last year
 */
export async function choose(db: Db, recorded: KnownSeries[], vary: Varying, today: string): Promise<Chosen> {
  if (vary === "metric_name") return { series: recorded, warnings: [] };
  const warnings: string[] = [];
  const mostRecorded = async (parts: KnownSeries[][]): Promise<KnownSeries[]> => {
    const counts = await recordedSince(db, parts.flat(), addDays(today, -LAST_YEAR_DAYS));
    let at = 0;
    const totals = parts.map((part) => part.reduce((total) => total + (counts[at++] ?? 0), 0));
    return parts[totals.indexOf(Math.max(...totals))] ?? [];
  };

  const metrics = partition(recorded, (one) => nameOf(one, vary));
  const primaries = metrics.filter((metric) => metric.some((one) => one.is_primary));
  const candidates = primaries.length > 0 ? primaries : metrics;
  const metric = candidates.length > 1 ? await mostRecorded(candidates) : candidates[0] ?? [];
  if (metrics.length > 1 && metric[0] !== undefined) {
    const why = candidates.length > 1 ? "the most recorded of the last year" : "the primary one";
    const others = metrics.filter((other) => other !== metric).flatMap((other) =>
      other[0] ? nameOf(other[0], vary) : []
    );
    warnings.push(
      `${metrics.length} metrics match; this is ${nameOf(metric[0], vary)}, ${why}. Others: ${some(others)}`,
    );
  }

  const units = partition(metric, (one) => one.metric_unit ?? "no unit");
  const defined = units.find(([one]) =>
    one !== undefined && one.metric_unit !== null && one.metric_unit === one.defined_unit
  );
  const unit = units.length > 1 ? defined ?? await mostRecorded(units) : units[0] ?? [];
  if (units.length > 1 && unit[0] !== undefined) {
    const why = defined === unit ? "the defined one" : "the most recorded of the last year";
    const others = units.filter((other) => other !== unit).map((other) => other[0]?.metric_unit ?? "no unit");
    warnings.push(
      `Recorded in ${units.length} units; this is ${unit[0].metric_unit ?? "no unit"}, ${why}. Others: ${some(others)}`,
    );
  }
  return { series: unit, warnings };
}

const nameOf = ({ service_name, metric_type, metric_name }: KnownSeries, vary: Varying) =>
  vary === "service_name" ? `${metric_type} / ${metric_name}` : `${service_name} / ${metric_type} / ${metric_name}`;

const MOST_NAMED = 5;
const some = (names: string[]) =>
  names.slice(0, MOST_NAMED).join(", ") + (names.length > MOST_NAMED ? `, and ${names.length - MOST_NAMED} more` : "");

function partition(series: readonly KnownSeries[], keyOf: (one: KnownSeries) => string): KnownSeries[][] {
  const parts = new Map<string, KnownSeries[]>();
  for (const one of series) {
    const key = keyOf(one);
    const part = parts.get(key);
    if (part === undefined) parts.set(key, [one]);
    else part.push(one);
  }
  return [...parts.values()];
}
