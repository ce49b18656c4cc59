import type { DimensionFilter } from "../../db/metric_cells.ts";
import type { RowsOfWindow } from "../../db/metric_rows.ts";
import { cutOf } from "../analytics/cut.ts";
import type { DomainQuestion } from "../analytics/question.ts";
import { targetsOf } from "../analytics/targets.ts";
import type { Needs } from "../context.ts";
import type { Window } from "../metrics/axis.ts";
import { dimensionFilters } from "../metrics/queries.ts";

/** The filter of a channel; none where it is not asked for. */
export function onChannel(channel: string | undefined): DimensionFilter[] {
  return channel === undefined ? [] : dimensionFilters({ "dimension.channel": channel });
}

/** The rows of a window of some metric names, each in its group. */
export function rowsIn(
  ctx: Needs<"config">,
  series: DomainQuestion["series"],
  window: Window,
  groups: Readonly<Record<string, number>>,
  channel: string | undefined,
): RowsOfWindow {
  return {
    targets: targetsOf(series, groups),
    axis: cutOf(ctx, window),
    filters: onChannel(channel),
  };
}
