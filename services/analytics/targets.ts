import type { KnownSeries } from "../../db/metric_series.ts";
import { byName } from "./by_name.ts";

/** The series of some metric names, each in the group of its name: what a statement of a domain reads. */
export function targetsOf(
  series: readonly KnownSeries[],
  groups: Readonly<Record<string, number>>,
): (KnownSeries & { g: number })[] {
  return series.flatMap((one) => {
    const g = groups[one.metric_name];
    return g === undefined ? [] : [{ ...one, g }];
  });
}

/** Puts all names of a list into one group. */
export function groupOf<Name extends string>(names: readonly Name[], g: number): Record<Name, number> {
  return byName(names, () => g);
}
