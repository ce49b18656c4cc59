import { figure } from "../analytics/figures.ts";
import type { ReachCell } from "../../db/project_analytics.ts";
import type { DomainQuestion } from "../analytics/question.ts";
import type { Period as TrendPeriod } from "../analytics/trend.ts";
import { type People, type Projection, ranked, type Shown, shownParts } from "./people.ts";
import { REACHED } from "./reach.ts";
import { MOST_ROWS } from "./schema.ts";

/** The figures of all, direct, indirect and unspecified beneficiaries. */
export function peopleFigures(now: People, then: People) {
  const of = (name: keyof People) => figure("count", now[name], then[name]);
  return {
    beneficiaries: of("total"),
    direct: of("direct"),
    indirect: of("indirect"),
    unspecified: of("unspecified"),
  };
}

/** One part of a breakdown as the answer says it. */
export type Row = { name: string | null; beneficiaries: number | null } & Shown<Omit<People, "total">>;

/**
 * One breakdown of everybody reached, as a reader may see it, the most people first.
 * @param open whether the reader sees how the whole was reached
 */
export function breakdown(cells: readonly ReachCell[], projection: Projection, open: boolean): Row[] {
  const parts = cells.map(({ name, people, direct, indirect }) => ({ name, people, direct, indirect }));
  return ranked(shownParts(parts, projection, open)).map(({ total, ...rest }) => ({ beneficiaries: total, ...rest }));
}

/** The rows that fit, and a warning where there are more. */
export function fitting(rows: readonly Row[], what: string): { rows: Row[]; warnings: string[] } {
  return {
    rows: rows.slice(0, MOST_ROWS),
    warnings: rows.length > MOST_ROWS ? [`${rows.length} ${what}, of which these are the ${MOST_ROWS} largest`] : [],
  };
}

/** One period as the answer says it. */
export type Point = Pick<TrendPeriod, "period" | "complete"> & Omit<Row, "name">;

/** The periods of a window as a reader may see them: 0 without readings, null before the first one. */
export function reachSeries(
  periods: readonly TrendPeriod[],
  cells: readonly ReachCell[],
  { series }: Pick<DomainQuestion, "series">,
  projection: Projection,
  open: boolean,
): Point[] {
  const first = firstDay(series);
  const nobody = { people: 0, direct: 0, indirect: 0 };
  const byBucket = new Map(cells.map((cell) => [cell.b, cell]));
  const parts = periods.map(({ period, complete, b, end_date }) => {
    const { people, direct, indirect } = byBucket.get(b + 1) ?? nobody;
    return { period, complete, end_date, people, direct, indirect };
  });
  const unknown = { beneficiaries: null, direct: null, indirect: null, unspecified: null };
  return shownParts(parts, projection, open).map(({ period, complete, end_date, total, ...rest }) => {
    const known = first !== null && end_date >= first;
    return { period, complete, beneficiaries: total, ...rest, ...(known ? {} : unknown) };
  });
}

/** The day of the first reading, or null. */
function firstDay(series: DomainQuestion["series"]): string | null {
  return series.filter((one) => one.metric_name === REACHED).map((one) => one.first_day).sort()[0] ?? null;
}
