import type { Param } from "./client.ts";
import { type Axis, axisParams, contains, type DimensionFilter, OF_TARGET, WITHIN, words } from "./metric_cells.ts";
import { type Target, TARGETS, targets } from "./metric_series.ts";

/** Which rows: of some series, in a window, with some dimensions. */
export type RowsOfWindow = { targets: readonly Target[]; axis: Axis; filters: readonly DimensionFilter[] };

/**
 * The rows `m` and their targets `t` as what follows a `from`, its `where` included.
 * @param own the parameter $2, which the statement may use as it likes
 */
export function rowsOf(
  { targets: all, axis: { by, cuts }, filters }: RowsOfWindow,
  own: Param,
): { text: string; params: Param[] } {
  const [, ...ends] = axisParams(cuts);
  const params: Param[] = [targets(all), own, ...ends];
  const param = (value: Param) => `$${params.push(value)}`;
  const conditions = [
    WITHIN[by],
    `m.service_name = any (${param(words(all.map((one) => one.service_name)))}::text::service_name[])`,
    `m.metric_type = any (${param(words(all.map((one) => one.metric_type)))}::text::metric_type[])`,
    ...filters.map((filter) => `m.${contains(filter, param)}`),
  ];
  return {
    text: `${TARGETS} t join metrics m on ${OF_TARGET}\n      where ${conditions.join("\n      and ")}`,
    params,
  };
}
