import { summary } from "../math/mod.ts";
import type { PeriodSeries } from "./period_series.ts";
import type { SeriesUsed } from "./request.ts";

/**
 * The series with labels that tell them apart: where two would be called the same, their dimensions are said too, and
 * then they are numbered.
 */
export function labelled(series: readonly PeriodSeries[]): PeriodSeries[] {
  const shared = (label: string) => series.filter((one) => one.label === label).length > 1;
  const taken = new Set<string>();
  return series.map((one) => {
    const dimensions = Object.values(one.ref.dimensions ?? {}).join(", ");
    const name = shared(one.label) && dimensions !== "" ? `${one.label} (${dimensions})` : one.label;
    let label = name;
    for (let i = 2; taken.has(label); i++) label = `${name} [${i}]`;
    taken.add(label);
    return { ...one, label };
  });
}

/** What an answer says of a series that it used. */
export function seriesUsed({ ref, label, metric_name, unit, kind, values }: PeriodSeries): SeriesUsed {
  const { n, mean, stddev } = summary(values.filter((value) => value !== null));
  const { service_name, metric_type } = ref;
  return { label, service_name, metric_type, metric_name, unit, kind, n, mean, stddev };
}

/** Series that are the same are called the same, where something else tells them apart, such as a lag. */
export function calledAlike(series: readonly PeriodSeries[]): PeriodSeries[] {
  const key = ({ ref }: PeriodSeries) => JSON.stringify(Object.entries(ref).sort());
  return series.map((one) => ({ ...one, label: series.find((other) => key(other) === key(one))?.label ?? one.label }));
}
