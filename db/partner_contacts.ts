import type { Db } from "./client.ts";
import { isMetric } from "./partner_analytics.ts";

/** What to count: who was active in some stretches of days (ends included), and who had contact how long before a day. */
export type ContactsQuestion = {
  year: { start_date: string; end_date: string };
  year_before: { start_date: string; end_date: string };
  as_of: string;
  /** Days before `as_of` at which the second range begins, the third and so on; ascending. */
  bounds: readonly number[];
};

/** Partners with a gift or an interaction in each stretch, and all up to the day by their last interaction. */
export type Contacts = {
  active: number;
  active_before: number;
  /** One count for each range, and at the end those who never interacted. */
  ranges: number[];
};

/** Counts active partners and the days since the last contact, from one pass over the days of all partners. */
export async function partnerContacts(
  db: Db,
  { year, year_before, as_of, bounds }: ContactsQuestion,
): Promise<Contacts> {
  type Row = { range: number; partners: number; active: number; active_before: number };
  const rows = await db.query<Row>(CONTACTS, [
    ...[as_of, `{${bounds.join(",")}}`],
    ...[year.start_date, year.end_date, year_before.start_date, year_before.end_date],
  ]);
  const counted = (range: number) => rows.find((row) => row.range === range)?.partners ?? 0;
  return {
    active: rows.reduce((sum, row) => sum + row.active, 0),
    active_before: rows.reduce((sum, row) => sum + row.active_before, 0),
    ranges: [...Array.from({ length: bounds.length + 1 }, (_, range) => counted(range)), counted(-1)],
  };
}

const CONTACT = "e.metric_name <> 'partner_registered'";

const CONTACTS = `
  with partners as (
    select e.entity_id, max(e.day) filter (where e.metric_name = 'partner_interaction') as last,
      bool_or(${CONTACT} and e.day between $3::text::date and $4::text::date) as active,
      bool_or(${CONTACT} and e.day between $5::text::date and $6::text::date) as active_before
    from ops.entity_days e
    where (${isMetric("e", "gift")} or ${isMetric("e", "interaction")} or ${isMetric("e", "registration")})
      and e.day <= $1::text::date
    group by e.entity_id
  )
  select coalesce(width_bucket($1::text::date - last, (select $2::text::int[])), -1) as range, count(*)::int as partners,
    (count(*) filter (where active))::int as active, (count(*) filter (where active_before))::int as active_before
  from partners group by 1`;
