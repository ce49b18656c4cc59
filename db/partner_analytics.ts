import type { Db } from "./client.ts";
import { textArray } from "./executor.ts";
import { AT, type Axis, axisParams, WITHIN } from "./metric_cells.ts";

/** The metrics of partners_crm that partners are in, by the word they have here: type and name. */
export const PARTNER_METRICS = {
  gift: ["donation", "donation_received"],
  refund: ["donation", "donation_refunded"],
  registration: ["partner", "partner_registered"],
  interaction: ["engagement", "partner_interaction"],
} as const;
export type PartnerMetric = keyof typeof PARTNER_METRICS;

/** Readings of one metric in some units ('' is none); the statements name the metric, so that they are planned for it. */
export type Readings = { metric: PartnerMetric; units: readonly string[] };

/** The condition of a metric, on rows (`m`) or on the days of persons (`e`). */
export const isMetric = (row: "m" | "e", metric: PartnerMetric) => {
  const [type, name] = PARTNER_METRICS[metric];
  return `${row}.service_name = 'partners_crm' and ${row}.metric_type = '${type}' and ${row}.metric_name = '${name}'`;
};

/** The person that a row is about, named as in `ops.entity_days`; null where it names none. */
export const PERSON = "ops.entity_of(m.dimensions, 'partner_id')";

/** Rows on an axis, with the bucket of each; the first four parameters are those of `rowParams`. */
export const partnerRows = (metric: PartnerMetric, by: Axis["by"], columns: string) =>
  `select width_bucket(${AT[by]}, (select $2::text::timestamp[])) as b, ${columns} from metrics m
   where ${isMetric("m", metric)} and coalesce(m.metric_unit, '') = any ($1::text::text[]) and ${WITHIN[by]}`;

/** The parameters of `partnerRows`. */
export function rowParams({ units }: Readings, { cuts }: Axis): string[] {
  return [textArray(units), ...axisParams(cuts)];
}

/** What each person had in each bucket: days of the organisation from the roll-up, other cuts of time from the rows. */
const personSums = (metric: PartnerMetric, by: Axis["by"]) =>
  by === "date"
    ? `select width_bucket(e.day::timestamp, (select $2::text::timestamp[])) as b, e.entity_id as person, sum(e.sum) as sum
       from ops.entity_days e
       where ${isMetric("e", metric)} and e.metric_unit = any ($1::text::text[])
         and e.day >= $3::text::timestamp and e.day < $4::text::timestamp
       group by 1, 2`
    : `select b, person, sum(value) as sum
       from (${partnerRows(metric, by, `${PERSON} as person, m.metric_value::numeric as value`)}) as rows
       where person is not null group by 1, 2`;

/** How many different people there are: in all, and in each bucket (from 0 on) that has any. */
export type PeopleCount = { whole: number; buckets: Map<number, number> };

/** Counts the people of a metric. */
export async function countPartners(db: Db, readings: Readings, axis: Axis): Promise<PeopleCount> {
  const rows = await db.query<{ b: number | null; people: number }>(
    `with sums as materialized (${personSums(readings.metric, axis.by)})
     select b, count(*)::int as people from sums group by b
     union all select null, count(*)::int from (select distinct person from sums) as people`,
    rowParams(readings, axis),
  );
  return {
    whole: rows.find((row) => row.b === null)?.people ?? 0,
    buckets: new Map(rows.flatMap(({ b, people }): [number, number][] => b === null ? [] : [[b - 1, people]])),
  };
}

/** What the top tenth of the donors gave, of what all gave: gifts that name a partner. */
export type Concentration = { donors: number; top_donors: number; top_gross: number; gross: number };

/** Adds up what each person gave on an axis; the top tenth is rounded up to whole people. */
export async function concentrationOf(db: Db, readings: Readings, axis: Axis): Promise<Concentration> {
  const [row] = await db.query<Concentration>(
    `with donors as (
       select person, sum(sum) as given from (${personSums(readings.metric, axis.by)}) as sums group by person
     ), ranked as (
       select given, row_number() over (order by given desc, person) <= ceil(count(*) over () / 10.0) as at_the_top
       from donors
     )
     select count(*)::int as donors, (count(*) filter (where at_the_top))::int as top_donors,
       coalesce(sum(given) filter (where at_the_top), 0)::float8 as top_gross, coalesce(sum(given), 0)::float8 as gross
     from ranked`,
    rowParams(readings, axis),
  );
  return row ?? { donors: 0, top_donors: 0, top_gross: 0, gross: 0 };
}
