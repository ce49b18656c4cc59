import type { KnownSeries } from "../../db/metric_series.ts";
import type { AnalyticsMeta } from "../analytics/schema.ts";
import type { Window } from "./axis.ts";
import type { Part, Span } from "./parts.ts";
import { hiddenWarning } from "./small_cells.ts";

/** Why an answer is empty. */
export function nothingFound(series: readonly KnownSeries[], { start_date, end_date }: Window): string {
  return series.length === 0
    ? "Nothing like this has been recorded"
    : `No reading from ${start_date} to ${end_date}; the latest is of ${latest(series)}`;
}

const latest = (series: readonly KnownSeries[]) => series.map((one) => one.last_day).sort().at(-1) ?? "";

/** What an answer rests on: the parts that were read, and the series with the day from which their rows are kept. */
export type Grounds = { parts: readonly Part[]; series: readonly KnownSeries[]; floor: string | null };

/** What an answer says about itself. */
export function metaOf(
  { window, before, running }: Span,
  { parts, series, floor }: Grounds,
  warnings: readonly string[],
): AnalyticsMeta {
  const { start_date, end_date, timezone, complete } = window;
  const lost = floor !== null && parts.some((part) => part.source === "rows" && part.window.start_date < floor);
  return {
    period: { start_date, end_date, timezone, complete },
    compared_with: before && { start_date: before.start_date, end_date: before.end_date },
    data_through: series.map((one) => one.last_at).sort().at(-1) ?? null,
    source: parts.some((part) => part.source === "rows") ? "rows" : "rollups",
    warnings: [
      ...warnings,
      ...hiddenWarning(parts.reduce((sum, part) => sum + part.hidden.size, 0)),
      ...(before !== null && running ? [RUNNING] : []),
      ...(lost ? [`Rows dated before ${floor} are no longer kept; this counts later ones`] : []),
    ],
  };
}

const RUNNING = "The period is not over: it is compared with as many days as it has had";
