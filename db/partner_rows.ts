import type { Db, Param } from "./client.ts";
import { textArray } from "./executor.ts";
import type { Axis } from "./metric_cells.ts";
import { partnerRows, PERSON, type Readings, rowParams } from "./partner_analytics.ts";

/** The middle value of the rows: of all of an axis, null without any, and of each bucket (from 0 on) that has any. */
export type Medians = { whole: number | null; buckets: Map<number, number> };

/** Medians; of an even number of rows the mean of the two in the middle (`percentile_cont`). */
export async function mediansOf(db: Db, readings: Readings, axis: Axis): Promise<Medians> {
  const rows = await db.query<{ b: number | null; median: number | null }>(
    `select b, percentile_cont(0.5) within group (order by value) as median
     from (${
      partnerRows(readings.metric, axis.by, "m.metric_value as value")
    }) as rows group by grouping sets ((b), ())`,
    rowParams(readings, axis),
  );
  return {
    whole: rows.find((row) => row.b === null)?.median ?? null,
    buckets: new Map(
      rows.flatMap(({ b, median }): [number, number][] => b === null || median === null ? [] : [[b - 1, median]]),
    ),
  };
}

/** By what rows are divided into cells: the values of a dimension, or ranges of the value that begin at these bounds. */
export type CellKey = { dimension: string } | { bounds: readonly number[] };

/** Which rows, and by what they are divided. */
export type CellsQuestion = { readings: Readings; axis: Axis; key: CellKey };

/** What some rows amount to: their number, their sum, the different people, and the rows that name nobody. */
export type RowsTotal = { n: number; sum: number; people: number; unnamed: number };

/** The same of one cell: the dimension's value as text, '' where a row has none; or the range's number, from 0 on. */
export type PartnerCell = RowsTotal & { cell: string };

/** Cells of one answer, at most. */
export const MOST_CELLS = 10_000;

const TOTAL = `coalesce(sum(n), 0)::int as n, coalesce(sum(sum), 0)::float8 as sum, count(person)::int as people,
  coalesce(sum(n) filter (where person is null), 0)::int as unnamed`;

/** All of the rows together, and the cells with the largest sum first: one more than there may be. */
export async function partnerCells(
  db: Db,
  question: CellsQuestion,
): Promise<{ whole: RowsTotal; cells: PartnerCell[] }> {
  const { text, params } = parts(question);
  const rows = await db.query<RowsTotal & { cell: string | null }>(
    `with parts as materialized (${text}),
     persons as (select person, sum(n) as n, sum(sum) as sum from parts group by person)
     select * from (
       select null as cell, ${TOTAL} from persons
       union all
       (select cell, ${TOTAL} from parts group by cell order by 3 desc, cell limit ${MOST_CELLS + 1})
     ) as cells order by cell is not null, sum desc, cell`,
    params,
  );
  const whole = rows.find((row) => row.cell === null);
  return {
    whole: { n: whole?.n ?? 0, sum: whole?.sum ?? 0, people: whole?.people ?? 0, unnamed: whole?.unnamed ?? 0 },
    cells: rows.flatMap(({ cell, ...total }) => cell === null ? [] : [{ ...total, cell }]),
  };
}

/** Some of the cells as one: a person in several counts once. */
export async function cellsTogether(
  db: Db,
  question: CellsQuestion,
  cells: readonly string[],
): Promise<RowsTotal> {
  const { text, params } = parts(question);
  const [row] = await db.query<RowsTotal>(
    `with persons as (
       select person, sum(n) as n, sum(sum) as sum from (${text}) as parts
       where cell = any ($${params.length + 1}::text::text[]) group by person
     ) select ${TOTAL} from persons`,
    [...params, textArray(cells)],
  );
  return row ?? { n: 0, sum: 0, people: 0, unnamed: 0 };
}

/** What each person has in each cell; the pieces of text are ours, what the caller says is a parameter. */
function parts({ readings, axis, key }: CellsQuestion): { text: string; params: Param[] } {
  const cell = "dimension" in key
    ? "coalesce(m.dimensions ->> $5::text, '')"
    : "(width_bucket(m.metric_value, (select $5::text::float8[])))::text";
  const columns = `${cell} as cell, ${PERSON} as person, m.metric_value::numeric as value`;
  const said = "dimension" in key ? key.dimension : `{${key.bounds.join(",")}}`;
  return {
    text: `select cell, person, count(*) as n, sum(value) as sum
      from (${partnerRows(readings.metric, axis.by, columns)}) as rows group by cell, person`,
    params: [...rowParams(readings, axis), said],
  };
}
