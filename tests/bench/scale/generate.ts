import type { Db } from "../../../db/client.ts";

/** The last day with rows, and how many days there are: three years. */
export const LAST_DAY = "2025-12-31";
const DAYS = 1_096;
const STATEMENT_ROWS = 100_000;

/**
 * Rows of a large charity: what each hundred rows consists of. `i` is the row's number, `h` a hash of it; every value
 * hangs on these alone, so the same number of rows is the same rows.
 */
const KINDS = `
  (0, 29, 'partners_crm', 'donation', 'donation_received', 'USD', 'partner'),
  (30, 30, 'partners_crm', 'donation', 'donation_refunded', 'USD', 'partner'),
  (31, 40, 'partners_crm', 'engagement', 'partner_interaction', 'count', 'partner'),
  (41, 42, 'partners_crm', 'partner', 'partner_registered', 'count', 'partner'),
  (43, 47, 'projects', 'beneficiary', 'beneficiaries_reached', 'count', 'project'),
  (48, 51, 'projects', 'project', 'cost_actual', 'USD', 'project'),
  (52, 53, 'social_media', 'social_post', 'post_published', 'count', 'post'),
  (54, 57, 'social_media', 'social_post', 'post_reach', 'count', 'post'),
  (58, 61, 'social_media', 'social_post', 'post_impressions', 'count', 'post'),
  (62, 69, 'social_media', 'engagement', 'post_likes', 'count', 'post'),
  (70, 71, 'social_media', 'engagement', 'post_comments', 'count', 'post'),
  (72, 73, 'social_media', 'engagement', 'post_shares', 'count', 'post'),
  (74, 80, 'notification', 'notification', 'notification_sent', 'count', 'message'),
  (81, 86, 'notification', 'notification', 'notification_delivered', 'count', 'message'),
  (87, 89, 'notification', 'notification', 'notification_opened', 'count', 'message'),
  (90, 91, 'notification', 'notification', 'notification_clicked', 'count', 'message'),
  (92, 99, 'notification', 'notification', 'delivery_latency_ms', 'ms', 'message')`;

/** 20,000 partners who give, 60 projects, 5 platforms, 4 channels. */
const DIMENSIONS = `case about
    when 'partner' then jsonb_build_object('partner_id', 'p-' || h % 20000,
      'partner_type', (array['individual', 'individual', 'individual', 'company', 'church', 'foundation'])[h % 6 + 1],
      'country', (array['US', 'GB', 'DE', 'CA', 'KE', 'NL', 'UG'])[h % 7 + 1], 'campaign', 'campaign_' || h % 23,
      'channel', (array['online', 'bank_transfer', 'mail', 'event'])[h % 4 + 1], 'recurring', h % 3 = 0,
      'kind', (array['call', 'visit', 'email', 'event'])[h % 4 + 1])
    when 'project' then jsonb_build_object('project_id', 'project-' || h % 60, 'direct', h % 4 <> 0,
      'category', (array['water', 'health', 'school', 'food'])[h % 4 + 1])
    when 'post' then jsonb_build_object('platform', (array['facebook', 'instagram', 'youtube', 'linkedin', 'x'])[h % 5 + 1],
      'post_id', 'post-' || h % 30000, 'content_type', (array['image', 'video', 'text'])[h % 3 + 1])
    else jsonb_build_object('channel', (array['email', 'sms', 'push', 'whatsapp'])[h % 4 + 1],
      'campaign', 'campaign_' || h % 23, 'template_id', 'template_' || h % 40)
  end`;

const ROWS = `
  insert into metrics (service_name, metric_type, metric_name, metric_value, metric_unit, dimensions, "timestamp", date,
    external_id)
  select service::service_name, type::metric_type, name, case unit when 'USD' then h % 50000 / 100.0 else h % 400 end, unit,
    ${DIMENSIONS}, at, (at at time zone 'UTC')::date, 'scale-' || i
  from generate_series($1::int, $2::int) as i
  cross join lateral (
    select abs(hashint8(i::int8)::int8) as h,
      ('${LAST_DAY}T23:59:59Z'::timestamptz - interval '${DAYS} days') + (i - 1) * (interval '${DAYS} days' / $3::int) as at
  ) as x
  join (values ${KINDS}) as k (low, high, service, type, name, unit, about) on i % 100 between low and high`;

/** A level a day for each platform, and one a week for each project: as many at any scale. */
const GAUGES = `
  insert into metrics (service_name, metric_type, metric_name, metric_value, metric_unit, dimensions, "timestamp", date)
  select 'social_media'::service_name, 'engagement'::metric_type, 'followers', 10000 + d * (p + 1), 'count',
    jsonb_build_object('platform', (array['facebook', 'instagram', 'youtube', 'linkedin', 'x'])[p + 1]),
    day + time '20:00' at time zone 'UTC', day
  from generate_series(0, ${DAYS} - 1) as d
  cross join generate_series(0, 4) as p
  cross join lateral (select '${LAST_DAY}'::date - d as day) as x
  union all
  select 'projects', 'project', name::text, 1000 * (p + 1), case name when 'project_status' then 'count' else 'USD' end,
    jsonb_build_object('project_id', 'project-' || p, 'status', (array['active', 'planned', 'completed'])[p % 3 + 1]),
    day + time '18:00' at time zone 'UTC', day
  from generate_series(0, ${DAYS} - 1, 7) as d
  cross join generate_series(0, 59) as p
  cross join unnest(array['project_status', 'budget_planned', 'planned_value', 'earned_value']) as name
  cross join lateral (select '${LAST_DAY}'::date - d as day) as x`;

/**
 * Fills an empty database with so many rows over three years, and its roll-ups by one recount, which is faster than the
 * triggers and gives the same (`ops.rollup_differences()` is empty, as the tests of the roll-ups hold).
 */
export async function generate(db: Db, rows: number): Promise<void> {
  for (let from = 1; from <= rows; from += STATEMENT_ROWS) {
    const to = Math.min(rows, from + STATEMENT_ROWS - 1);
    await withoutRollups(db, (tx) => tx.query(ROWS, [from, to, rows]));
  }
  await withoutRollups(db, (tx) => tx.query(GAUGES));
  await db.exec("select ops.rebuild_rollups()");
  for (const [table, time] of ROLLUPS) await orderBy(db, table, time);
  await db.exec("vacuum analyze");
}

const ROLLUPS = [["metric_rollups", "bucket"], ["gauge_series", "day"], ["entity_days", "day"]] as const;

/** Puts the rows of a table where the triggers would have put them, day after day: a recount leaves them in any order. */
async function orderBy(db: Db, table: string, time: string): Promise<void> {
  await db.exec(`create index by_time on ops.${table} (${time})`);
  await db.exec(`cluster ops.${table} using by_time`);
  await db.exec("drop index ops.by_time");
}

async function withoutRollups(db: Db, write: (tx: Db) => Promise<unknown>): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query("select set_config('ops.keep_rollups', 'on', true)");
    await write(tx);
  });
}
