import type { Db } from "./client.ts";
import { textArray } from "./executor.ts";
import { isMetric } from "./partner_analytics.ts";

/** The days of one period, of the period that it is compared with, and where the two years to its end begin. */
export type Moment = {
  start_date: string;
  /** Inclusive, as all ends. */
  end_date: string;
  before_start: string;
  before_end: string;
  /** First day of the 12 months to the end. */
  year_start: string;
  /** First day of the 12 months before those. */
  last_year_start: string;
};

/** How many partners stand how at the end of a period. */
export type Standing = {
  /** Partners with any day up to the end; with a gift or an interaction in the year. */
  total: number;
  active: number;
  /** Partners with a registration, with their first gift, with either in the period. */
  registered: number;
  first_time_donors: number;
  newcomers: number;
  /** Partners with a gift last year and none this year; with a gift in the period after a gap of over 12 months. */
  lapsed: number;
  reactivated: number;
  /** Donors of the period, of the period before, and of both. */
  donors: number;
  donors_before: number;
  donors_retained: number;
  /** First-time donors of the period before, those of them who gave in the period, and those with a second gift. */
  first_time_before: number;
  first_time_retained: number;
  second_gifts: number;
  /** Of the one currency: the year's donors, gifts and money, last year's donors, and those of both. */
  year_donors: number;
  year_gifts: number;
  year_gross: number;
  last_year_donors: number;
  year_retained: number;
};

/**
 * The standing of all partners at some moments, from one pass over what each had on each day (`ops.entity_days`).
 * @param currency the unit of the gifts that count as money; people count whatever they gave, in all of `units`
 */
export async function partnerStandings(
  db: Db,
  moments: readonly Moment[],
  { currency, units }: { currency: string | null; units: readonly string[] },
): Promise<Standing[]> {
  const cuts = cutsOf(moments);
  return await db.query<Standing>(STANDINGS, [
    JSON.stringify(moments.map((moment, m) => ({ ...moment, ...masksOf(moment, cuts), m }))),
    `{${cuts.join(",")}}`,
    cuts.at(-1) ?? "-infinity",
    currency ?? "",
    textArray(units),
  ]);
}

/** The first day of everything that some moments name, and the day after each end, ascending: they cut time into stretches. */
function cutsOf(moments: readonly Moment[]): string[] {
  const cuts = moments.flatMap((one) => [
    ...[one.start_date, one.before_start, one.year_start, one.last_year_start],
    ...[dayAfter(one.end_date), dayAfter(one.before_end)],
  ]);
  return [...new Set(cuts)].sort();
}

/** The stretches that a moment's times consist of, each a bit: bit b is of the days from the b-th cut to the next. */
function masksOf(moment: Moment, cuts: readonly string[]) {
  const mask = (from: string, to: string) =>
    cuts.reduce((bits, cut, i) => cut >= from && cut < to ? bits | 1 << i + 1 : bits, 0);
  const end = dayAfter(moment.end_date);
  return {
    until: mask("", end) | 1, // bit 0 is of what lies before all cuts
    period: mask(moment.start_date, end),
    before: mask(moment.before_start, dayAfter(moment.before_end)),
    year: mask(moment.year_start, end),
    last_year: mask(moment.last_year_start, moment.year_start),
  };
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

const GIFT = "metric_name = 'donation_received'";

/** In which stretches each partner gave, gave in the one currency, interacted and registered; and the first gift. */
const PARTNERS = `
  select partner, min(day) filter (where ${GIFT}) as first_gift,
    coalesce(bit_or(stretch) filter (where ${GIFT}), 0) as gifts,
    coalesce(bit_or(stretch) filter (where ${GIFT} and metric_unit = $4::text), 0) as own_gifts,
    coalesce(bit_or(stretch) filter (where metric_name = 'partner_interaction'), 0) as interactions,
    coalesce(bit_or(stretch) filter (where metric_name = 'partner_registered'), 0) as registrations
  from (
    select e.entity_id as partner, e.metric_name, e.metric_unit, e.day,
      1 << width_bucket(e.day::timestamp, (select $2::text::timestamp[])) as stretch
    from ops.entity_days e
    where (${isMetric("e", "gift")} or ${isMetric("e", "interaction")} or ${isMetric("e", "registration")})
      and e.day < $3::text::date
  ) as days
  group by partner`;

const OF_GIFTS = `${isMetric("e", "gift")} and e.metric_unit = any ($5::text::text[])`;

/** The money of the 12 months to each moment: of gifts that name a partner, in the one currency. */
const YEARS = `
  select m.m, sum(e.n) as gifts, sum(e.sum) as gross
  from moments m join ops.entity_days e on ${isMetric("e", "gift")} and e.metric_unit = $4::text
    and e.day between m.year_start and m.end_date
  group by m.m`;

/**
 * Who gave in a period more than 12 months after the gift before: gifts are put together by 365 days, which no such gap
 * fits in, so that it shows between the last of some and the first of the next, or before the first of all.
 */
const RETURNS = `
  select m, count(distinct partner) as n
  from (
    select m, partner, first, coalesce(
      lag(last) over (partition by m, partner order by first),
      (select max(day) from unnest($5::text::text[]) as u (unit) cross join lateral (
        select e.day from ops.entity_days e
        where ${isMetric("e", "gift")} and e.metric_unit = u.unit and e.entity_id = p.partner and e.day < p.start_date
        order by e.day desc limit 1
      ) as e)) as gift_before
    from (
      select m.m, m.start_date, e.entity_id as partner, (m.end_date - e.day) / 365 as years, min(e.day) as first, max(e.day) as last
      from moments m join ops.entity_days e on ${OF_GIFTS} and e.day between m.start_date and m.end_date
      group by 1, 2, 3, 4
    ) as p
  ) as gaps
  where gift_before + interval '1 year' < first
  group by m`;

/** How many first-time donors of the period before gave again up to 12 months after the first gift, or twice that day. */
const SECOND_GIFTS = `
  select p.m, count(*) as n
  from people p join moments m on m.m = p.m and p.first_gift between m.before_start and m.before_end
  cross join lateral (
    select sum(e.n) as gifts from unnest($5::text::text[]) as u (unit) cross join lateral (
      select e.n from ops.entity_days e
      where ${isMetric("e", "gift")} and e.metric_unit = u.unit and e.entity_id = p.partner
        and e.day between p.first_gift and p.first_gift + interval '1 year'
      order by e.day limit 2
    ) as e
  ) as e
  where e.gifts > 1
  group by p.m`;

const count = (condition: string) => `(count(*) filter (where ${condition}))::int`;

const STANDINGS = `
  with moments as (
    select * from jsonb_to_recordset($1::text::jsonb) as m (m int, start_date date, end_date date, before_start date,
      before_end date, year_start date, until int, period int, before int, year int, last_year int)
  ), partners as materialized (${PARTNERS}), people as materialized (
    select m.m, p.first_gift, p.partner,
      (p.gifts | p.interactions) & m.year <> 0 as active, p.registrations & m.period <> 0 as registered,
      p.gifts & m.period <> 0 as gave, p.gifts & m.before <> 0 as gave_before,
      p.gifts & m.year <> 0 as gave_this_year, p.gifts & m.last_year <> 0 as gave_last_year,
      p.own_gifts & m.year <> 0 as own_this_year, p.own_gifts & m.last_year <> 0 as own_last_year,
      p.first_gift between m.start_date and m.end_date as is_first,
      p.first_gift between m.before_start and m.before_end as was_first
    from partners p join moments m on (p.gifts | p.interactions | p.registrations) & m.until <> 0
  ), returns as (${RETURNS}), second_gifts as (${SECOND_GIFTS}), years as (${YEARS})
  select count(p.partner)::int as total, ${count("active")} as active, ${count("registered")} as registered,
    ${count("is_first")} as first_time_donors, ${count("registered or is_first")} as newcomers,
    ${count("gave_last_year and not gave_this_year")} as lapsed,
    coalesce((select n from returns r where r.m = m.m), 0)::int as reactivated,
    ${count("gave")} as donors, ${count("gave_before")} as donors_before,
    ${count("gave and gave_before")} as donors_retained,
    ${count("was_first")} as first_time_before, ${count("was_first and gave")} as first_time_retained,
    coalesce((select n from second_gifts s where s.m = m.m), 0)::int as second_gifts,
    ${count("own_this_year")} as year_donors, ${count("own_last_year")} as last_year_donors,
    ${count("own_this_year and own_last_year")} as year_retained,
    coalesce((select gifts from years y where y.m = m.m), 0)::float8 as year_gifts,
    coalesce((select gross from years y where y.m = m.m), 0)::float8 as year_gross
  from moments m left join people p on p.m = m.m
  group by m.m
  order by m.m`;
