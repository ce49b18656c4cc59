import type { Db } from "./client.ts";
import { rowsOf, type RowsOfWindow } from "./metric_rows.ts";

/** A dimension as text; an empty one says nothing. */
const textOf = (key: "campaign" | "template_id" | "channel" | "reason") => `nullif(m.dimensions ->> '${key}', '')`;

/** Which group of targets counts what of a mailing. */
export const MAILING_GROUPS = { sent: 0, delivered: 1, opened: 2, clicked: 3 } as const;

/** What a window says about one campaign or template; null where it has no such reading. */
export type TopMailing = {
  by: "campaign" | "template_id";
  /** Of a template: null where several campaigns used it. */
  campaign: string | null;
  /** Null of a campaign. */
  template_id: string | null;
  /** Null where it went through several. */
  channel: string | null;
  sent: number | null;
  delivered: number | null;
  opened: number | null;
  clicked: number | null;
};

/**
 * The campaigns and the templates with the most clicks of a window, from its rows.
 * @param rows with targets in `MAILING_GROUPS`
 * @param limit of each of the two
 */
export async function topMailings(db: Db, rows: RowsOfWindow, limit: number): Promise<TopMailing[]> {
  const { text, params } = rowsOf(rows, limit);
  const single = (name: string) => `case when min(${name}) = max(${name}) then min(${name}) end`;
  const counts = Object.entries(MAILING_GROUPS).map(([name, g]) => `sum(value) filter (where g = ${g}) as ${name}`);
  return await db.query<TopMailing>(
    `with readings as (
      select t.g, ${textOf("campaign")} collate "C" as campaign, ${textOf("template_id")} collate "C" as template_id,
        ${textOf("channel")} collate "C" as channel, m.metric_value::numeric as value
      from ${text}
    ), grouped as (
      select case grouping(campaign) when 0 then 'campaign' else 'template_id' end as by,
        coalesce(campaign, template_id) as name, case grouping(campaign) when 0 then campaign else ${
      single("campaign")
    } end
        as campaign, template_id, ${single("channel")} as channel, ${counts.join(", ")}
      from readings group by grouping sets ((readings.campaign), (readings.template_id))
    ), ranked as (
      select *, row_number() over (partition by by order by clicked desc, delivered desc nulls last, name) as place
      from grouped where name is not null and clicked > 0
    )
    select by, campaign, template_id, channel, sent::float8 as sent, delivered::float8 as delivered,
      opened::float8 as opened, clicked::float8 as clicked
    from ranked where place <= $2::int order by by, place`,
    params,
  );
}

/** How many of one group were counted with one reason; null where the readings name none. */
export type ReasonCount = { g: number; reason: string | null; count: number; reasons: number };

/** The most frequent reasons of each group of targets in a window, from its rows, and how many there are in all. */
export async function reasonCounts(db: Db, rows: RowsOfWindow, limit: number): Promise<ReasonCount[]> {
  const { text, params } = rowsOf(rows, limit);
  return await db.query<ReasonCount>(
    `select t.g, ${textOf("reason")} as reason, sum(m.metric_value::numeric)::float8 as count,
      (count(*) over ())::int as reasons
    from ${text}
    group by t.g, 2 having sum(m.metric_value) > 0
    order by 3 desc, 1, ${textOf("reason")} collate "C" limit $2::int`,
    params,
  );
}

/** How long deliveries took in a window, in the unit of the readings; one of all channels has `everywhere`. */
export type LatencyQuantiles = {
  everywhere: boolean;
  channel: string | null;
  n: number;
  p50: number;
  p95: number;
};

/** The median and the 95th percentile of samples, of all and of each channel, from the rows of a window. */
export async function latencyQuantiles(db: Db, rows: RowsOfWindow, limit: number): Promise<LatencyQuantiles[]> {
  const { text, params } = rowsOf(rows, limit);
  return await db.query<LatencyQuantiles>(
    `with samples as (select ${textOf("channel")} collate "C" as channel, m.metric_value as value from ${text})
    select grouping(channel) = 1 as everywhere, channel, count(*)::float8 as n,
      percentile_cont(0.5) within group (order by value) as p50,
      percentile_cont(0.95) within group (order by value) as p95
    from samples group by grouping sets ((), (channel)) having count(*) > 0
    order by 1 desc, n desc, channel limit $2::int`,
    params,
  );
}

/** Whether a window has a row with one of some values of its dimension `channel`, in any case. */
export async function hasChannel(db: Db, rows: RowsOfWindow, channels: readonly string[]): Promise<boolean> {
  const { text, params } = rowsOf(rows, JSON.stringify(channels));
  const [row] = await db.query<{ found: boolean }>(
    `select exists (
      select from ${text} and m.metric_value > 0
        and lower(m.dimensions ->> 'channel') in (select jsonb_array_elements_text($2::text::jsonb))
    ) as found`,
    params,
  );
  return row?.found ?? false;
}
