-- Roll-ups of the metrics, kept by statement-level triggers, so that every path that writes (COPY too) keeps them true.
-- n, sum and sumsq move by exact numeric deltas alone; min, max and last are recounted only when a removed row touched
-- them. All upserts run in key order, in READ COMMITTED, and a writer takes ops.lock_series first: no deadlocks.
-- In a transaction with ops.keep_rollups = 'on' (retention) rows come and go without them.

create sequence ops.change;

create table ops.metric_rollups (
  service_name service_name not null,
  metric_type metric_type not null,
  metric_name text not null,
  metric_unit text not null default '', -- '': none
  grain "char" not null check (grain in ('d', 'h')), -- days by the row's date, hours in UTC
  bucket timestamp not null,
  n bigint not null,
  sum numeric not null,
  sumsq numeric not null,
  min float8 not null,
  max float8 not null,
  last float8 not null,
  last_at timestamptz not null,
  last_id uuid not null,
  changed bigint not null default nextval('ops.change'), -- grows with every change: (count(*), sum(changed)) is a version
  primary key (service_name, metric_type, metric_name, metric_unit, grain, bucket)
) with (fillfactor = 80);

-- For names defined as gauge: the last value of each series on each day it was read.
create table ops.gauge_series (
  service_name service_name not null,
  metric_type metric_type not null,
  metric_name text not null,
  metric_unit text not null default '',
  series text not null, -- ops.series_of the row
  day date not null,
  last float8 not null,
  last_at timestamptz not null,
  last_id uuid not null,
  primary key (service_name, metric_type, metric_name, metric_unit, series, day)
) with (fillfactor = 90);
create index gauge_series_day on ops.gauge_series (service_name, metric_type, metric_name, metric_unit, day);

-- For names defined with an entity key: what each person or project had on each day.
create table ops.entity_days (
  service_name service_name not null,
  metric_type metric_type not null,
  metric_name text not null,
  metric_unit text not null default '',
  entity_id text not null, -- ops.entity_of the row
  day date not null,
  n bigint not null,
  sum numeric not null,
  primary key (service_name, metric_type, metric_name, metric_unit, entity_id, day)
) with (fillfactor = 90);
create index entity_days_day on ops.entity_days (service_name, metric_type, metric_name, metric_unit, day);

-- A long value stands as its digest, because an index entry has at most 2,704 bytes.
create function ops.key_text(value text) returns text language sql stable parallel safe as $$
  select case when octet_length(value) <= 512 then value else 'sha256:' || encode(sha256(convert_to(value, 'UTF8')), 'hex') end
$$;

-- One series of a gauge: the values of its key dimensions as a JSON array, null where the row lacks one.
create function ops.series_of(dimensions jsonb, series_key text[]) returns text language plpgsql stable parallel safe as $$
declare
  series jsonb := '[]';
  k text;
begin
  foreach k in array series_key loop -- a ninth of the cost of jsonb_agg over unnest
    series := series || jsonb_build_array(dimensions -> k);
  end loop;
  return ops.key_text(series::text);
end $$;

-- The person or project of a row, or null.
create function ops.entity_of(dimensions jsonb, entity_key text) returns text language sql stable parallel safe as $$
  select ops.key_text(nullif(dimensions ->> entity_key, ''))
$$;

-- Before it, retention has deleted rows and only the roll-ups remember.
create function ops.detail_floor() returns date language sql stable parallel safe as $$
  select coalesce((select value::date from ops.settings where key = 'detail_floor'), '-infinity')
$$;

-- An hour from here on has all its rows: a date is at most two days from its timestamp in UTC.
create function ops.hour_floor() returns timestamp language sql stable parallel safe as $$
  select (ops.detail_floor() + 2)::timestamp
$$;

-- First statement of a transaction that writes metrics; one array element for each series, or each row.
create function ops.lock_series(service_names text[], metric_types text[], metric_names text[]) returns void
language plpgsql as $$
begin
  perform pg_advisory_xact_lock(7001, k)
  from (
    select distinct hashtext(s || t || n) & 63 as k
    from unnest(service_names, metric_types, metric_names) as x (s, t, n)
    order by 1
  ) as locks;
end $$;

-- In the order of "last": max() of an array of one is the latest reading, without a sort.
create type ops.reading as (at timestamptz, id uuid, value float8);

-- jit is off because the plan is cached with what the first batch of a session asked for.
-- Sums are exact numerics. Whole cents, which most values are, add up as int8 on the way there, at a third of the cost;
-- their squares fit too.
create function ops.rollup_add() returns trigger language plpgsql set jit = off as $$
declare
  gauges boolean;
  entities boolean;
begin
  if current_setting('ops.keep_rollups', true) = 'on' then return null; end if;
  if not exists (select from new_rows) then return null; end if; -- an upsert fires insert and update

  with hours as materialized (
    select service_name, metric_type, metric_name, metric_unit, date, hour, count(*) as n,
      coalesce(sum(cents), 0) * 0.01 + coalesce(sum(v::numeric) filter (where cents is null), 0) as sum,
      coalesce(sum(cents * cents), 0) * 0.0001 + coalesce(sum(v::numeric * v::numeric) filter (where cents is null), 0) as sumsq,
      min(v) as min, max(v) as max, max(array[row("timestamp", id, v)::ops.reading]) as last
    from (
      select service_name, metric_type, metric_name, metric_unit, date, "timestamp", id, metric_value as v,
        date_bin('1 hour', "timestamp", '0001-01-01 00:00+00') as hour,
        case when metric_value between -3e7 and 3e7 and round(metric_value * 100) / 100 = metric_value
          then round(metric_value * 100)::int8 end as cents
      from new_rows offset 0
    ) as rows
    group by service_name, metric_type, metric_name, metric_unit, date, hour
  ), put as (
    insert into ops.metric_rollups as r
      (service_name, metric_type, metric_name, metric_unit, grain, bucket, n, sum, sumsq, min, max, last, last_at, last_id)
    select service_name, metric_type, metric_name, metric_unit, grain, bucket, n, sum, sumsq, min, max,
      (last[1]).value, (last[1]).at, (last[1]).id
    from (
      select service_name, metric_type, metric_name, coalesce(metric_unit, '') as metric_unit, grain, bucket,
        sum(n) as n, sum(sum) as sum, sum(sumsq) as sumsq, min(min) as min, max(max) as max, max(last) as last
      from hours, lateral (values ('d'::"char", date::timestamp), ('h', hour at time zone 'UTC')) as g (grain, bucket)
      group by 1, 2, 3, 4, 5, 6
    ) as buckets
    order by 1, 2, 3, 4, 5, 6
    on conflict (service_name, metric_type, metric_name, metric_unit, grain, bucket) do update set
      n = r.n + excluded.n,
      sum = r.sum + excluded.sum,
      sumsq = r.sumsq + excluded.sumsq,
      min = least(r.min, excluded.min),
      max = greatest(r.max, excluded.max),
      last = case when (excluded.last_at, excluded.last_id) > (r.last_at, r.last_id) then excluded.last else r.last end,
      last_at = greatest(r.last_at, excluded.last_at),
      last_id = case when (excluded.last_at, excluded.last_id) > (r.last_at, r.last_id) then excluded.last_id else r.last_id end,
      changed = nextval('ops.change')
  )
  select bool_or(d.kind = 'gauge'), bool_or(d.entity_key is not null) into gauges, entities
  from (select distinct service_name, metric_type, metric_name from hours) as names
  join ops.metric_definitions d using (service_name, metric_type, metric_name);

  if gauges then
    insert into ops.gauge_series as g
    select distinct on (1, 2, 3, 4, 5, 6) service_name, metric_type, metric_name, coalesce(n.metric_unit, ''),
      ops.series_of(n.dimensions, d.series_key), n.date, n.metric_value, n."timestamp", n.id
    from new_rows n join ops.metric_definitions d using (service_name, metric_type, metric_name)
    where d.kind = 'gauge'
    order by 1, 2, 3, 4, 5, 6, n."timestamp" desc, n.id desc
    on conflict (service_name, metric_type, metric_name, metric_unit, series, day) do update
      set last = excluded.last, last_at = excluded.last_at, last_id = excluded.last_id
      where (excluded.last_at, excluded.last_id) > (g.last_at, g.last_id);
  end if;

  if entities then
    insert into ops.entity_days as e
    select service_name, metric_type, metric_name, unit, entity_id, day, count(*), sum(value)
    from (
      select service_name, metric_type, metric_name, coalesce(n.metric_unit, '') as unit,
        ops.entity_of(n.dimensions, d.entity_key) as entity_id, n.date as day, n.metric_value::numeric as value
      from new_rows n join ops.metric_definitions d using (service_name, metric_type, metric_name)
      where d.entity_key is not null
    ) as rows
    where entity_id is not null
    group by 1, 2, 3, 4, 5, 6
    order by 1, 2, 3, 4, 5, 6
    on conflict (service_name, metric_type, metric_name, metric_unit, entity_id, day) do update
      set n = e.n + excluded.n, sum = e.sum + excluded.sum;
  end if;
  return null;
end $$;

-- After an update the new rows have been added before the old ones are removed, so that no bucket dies in between.
-- jit and sequential scans are off because the plans are cached, often from a time when the table was small.
create function ops.rollup_remove() returns trigger language plpgsql set jit = off set enable_seqscan = off as $$
declare
  gauges boolean;
  entities boolean;
  touched ops.metric_rollups[];
  emptied ops.metric_rollups[];
  lost ops.gauge_series[];
  gone ops.entity_days[];
begin
  if current_setting('ops.keep_rollups', true) = 'on' then return null; end if;
  if not exists (select from old_rows) then return null; end if;

  with removed as materialized (
    select service_name, metric_type, metric_name, coalesce(metric_unit, '') as metric_unit, grain, bucket,
      count(*) as n, sum(v) as sum, sum(v * v) as sumsq, min(metric_value) as min, max(metric_value) as max,
      max("timestamp") as last_at, (array_agg(id))[1] as some_id
    from (select *, metric_value::numeric as v from old_rows offset 0) as rows,
      lateral (values ('d'::"char", date::timestamp), ('h', date_trunc('hour', "timestamp" at time zone 'UTC'))) as g (grain, bucket)
    group by 1, 2, 3, 4, 5, 6
  ), put as (
    insert into ops.metric_rollups as r
      (service_name, metric_type, metric_name, metric_unit, grain, bucket, n, sum, sumsq, min, max, last, last_at, last_id)
    select service_name, metric_type, metric_name, metric_unit, grain, bucket, -n, -sum, -sumsq, min, max, min, last_at, some_id
    from removed
    order by 1, 2, 3, 4, 5, 6
    on conflict (service_name, metric_type, metric_name, metric_unit, grain, bucket) do update set
      n = r.n + excluded.n, sum = r.sum + excluded.sum, sumsq = r.sumsq + excluded.sumsq, changed = nextval('ops.change')
    returning r.*
  )
  select array_agg(put::ops.metric_rollups) filter (where put.n <= 0),
    array_agg(put::ops.metric_rollups) filter (
      where put.n > 0 and (o.min <= put.min or o.max >= put.max or o.last_at >= put.last_at)
    )
  into emptied, touched
  from put join removed o using (service_name, metric_type, metric_name, metric_unit, grain, bucket);

  -- The buckets are locked by now, so this later statement sees every row that they count.
  if touched is not null then
    update ops.metric_rollups r
    set min = c.min, max = c.max, last = (c.last[1]).value, last_at = (c.last[1]).at, last_id = (c.last[1]).id
    from unnest(touched) as t cross join lateral (
      select count(*) as n, min(m.metric_value) as min, max(m.metric_value) as max,
        max(array[row(m."timestamp", m.id, m.metric_value)::ops.reading]) as last
      from public.metrics m
      where m.service_name = t.service_name and m.metric_type = t.metric_type
        and m.metric_name = t.metric_name and coalesce(m.metric_unit, '') = t.metric_unit
        and m."timestamp" >= (t.bucket - case t.grain when 'd' then interval '2 days' else '0' end) at time zone 'UTC'
        and m."timestamp" < (t.bucket + case t.grain when 'd' then interval '3 days' else '1 hour' end) at time zone 'UTC'
        and (t.grain = 'h' or m.date = t.bucket::date)
    ) as c
    where (r.service_name, r.metric_type, r.metric_name, r.metric_unit, r.grain, r.bucket)
        = (t.service_name, t.metric_type, t.metric_name, t.metric_unit, t.grain, t.bucket)
      and c.n >= r.n; -- else retention took rows of this hour, and nobody knows better
  end if;
  if emptied is not null then
    delete from ops.metric_rollups r using unnest(emptied) as t
    where (r.service_name, r.metric_type, r.metric_name, r.metric_unit, r.grain, r.bucket)
        = (t.service_name, t.metric_type, t.metric_name, t.metric_unit, t.grain, t.bucket);
  end if;

  select bool_or(d.kind = 'gauge'), bool_or(d.entity_key is not null) into gauges, entities
  from (select distinct service_name, metric_type, metric_name from old_rows) as names
  join ops.metric_definitions d using (service_name, metric_type, metric_name);

  if gauges then
    select array_agg(g::ops.gauge_series) into lost
    from (
      select g.*
      from ops.gauge_series g join (
        select distinct on (1, 2, 3, 4, 5, 6) service_name, metric_type, metric_name, coalesce(o.metric_unit, '') as metric_unit,
          ops.series_of(o.dimensions, d.series_key) as series, o.date as day, o."timestamp" as last_at, o.id as last_id
        from old_rows o join ops.metric_definitions d using (service_name, metric_type, metric_name)
        where d.kind = 'gauge'
        order by 1, 2, 3, 4, 5, 6, o."timestamp" desc, o.id desc
      ) as o using (service_name, metric_type, metric_name, metric_unit, series, day)
      where (o.last_at, o.last_id) >= (g.last_at, g.last_id)
      order by g.service_name, g.metric_type, g.metric_name, g.metric_unit, g.series, g.day
      for update of g
    ) as g;
    delete from ops.gauge_series g using unnest(lost) as t
    where (g.service_name, g.metric_type, g.metric_name, g.metric_unit, g.series, g.day)
        = (t.service_name, t.metric_type, t.metric_name, t.metric_unit, t.series, t.day);
    insert into ops.gauge_series as g
    select t.service_name, t.metric_type, t.metric_name, t.metric_unit, t.series, t.day, c.*
    from unnest(lost) as t
    join ops.metric_definitions d using (service_name, metric_type, metric_name)
    cross join lateral (
      select m.metric_value, m."timestamp", m.id
      from public.metrics m
      where m.service_name = t.service_name and m.metric_type = t.metric_type
        and m.metric_name = t.metric_name and coalesce(m.metric_unit, '') = t.metric_unit
        and m."timestamp" >= (t.day - 2)::timestamp at time zone 'UTC'
        and m."timestamp" < (t.day + 3)::timestamp at time zone 'UTC'
        and m.date = t.day and ops.series_of(m.dimensions, d.series_key) = t.series
      order by m."timestamp" desc, m.id desc
      limit 1
    ) as c
    order by 1, 2, 3, 4, 5, 6
    on conflict (service_name, metric_type, metric_name, metric_unit, series, day) do update
      set last = excluded.last, last_at = excluded.last_at, last_id = excluded.last_id
      where (excluded.last_at, excluded.last_id) > (g.last_at, g.last_id);
  end if;

  if entities then
    with put as (
      insert into ops.entity_days as e
      select service_name, metric_type, metric_name, unit, entity_id, day, -count(*), -sum(value)
      from (
        select service_name, metric_type, metric_name, coalesce(o.metric_unit, '') as unit,
          ops.entity_of(o.dimensions, d.entity_key) as entity_id, o.date as day, o.metric_value::numeric as value
        from old_rows o join ops.metric_definitions d using (service_name, metric_type, metric_name)
        where d.entity_key is not null
      ) as rows
      where entity_id is not null
      group by 1, 2, 3, 4, 5, 6
      order by 1, 2, 3, 4, 5, 6
      on conflict (service_name, metric_type, metric_name, metric_unit, entity_id, day) do update
        set n = e.n + excluded.n, sum = e.sum + excluded.sum
      returning e.*
    )
    select array_agg(put::ops.entity_days) into gone from put where put.n <= 0;
    delete from ops.entity_days e using unnest(gone) as t
    where (e.service_name, e.metric_type, e.metric_name, e.metric_unit, e.entity_id, e.day)
        = (t.service_name, t.metric_type, t.metric_name, t.metric_unit, t.entity_id, t.day);
  end if;
  return null;
end $$;

create function ops.rollup_truncate() returns trigger language plpgsql as $$
begin
  if current_setting('ops.keep_rollups', true) = 'on' then return null; end if;
  if ops.detail_floor() > '-infinity' then
    raise exception 'metrics cannot be truncated: roll-ups before % have no rows left, so delete instead', ops.detail_floor()
      using errcode = 'object_not_in_prerequisite_state';
  end if;
  truncate ops.metric_rollups, ops.gauge_series, ops.entity_days;
  return null;
end $$;

-- Triggers of one event fire by name: add before remove.
create trigger rollup_add_inserted after insert on metrics referencing new table as new_rows
  for each statement execute function ops.rollup_add();
create trigger rollup_add_updated after update on metrics referencing new table as new_rows
  for each statement execute function ops.rollup_add();
create trigger rollup_remove_updated after update on metrics referencing old table as old_rows
  for each statement execute function ops.rollup_remove();
create trigger rollup_remove_deleted after delete on metrics referencing old table as old_rows
  for each statement execute function ops.rollup_remove();
create trigger rollup_truncate before truncate on metrics for each statement execute function ops.rollup_truncate();

-- The recounts: what the three tables must hold from the detail floor on, written apart from the triggers.
create function ops.recounted_rollups() returns setof ops.metric_rollups language sql stable as $$
  select service_name, metric_type, metric_name, metric_unit, grain, bucket, n, sum, sumsq, min, max,
    (last[1]).value, (last[1]).at, (last[1]).id, 0::bigint
  from (
    select service_name, metric_type, metric_name, coalesce(metric_unit, '') as metric_unit, grain, bucket,
      count(*) as n, sum(v) as sum, sum(v * v) as sumsq, min(metric_value) as min, max(metric_value) as max,
      max(array[row("timestamp", id, metric_value)::ops.reading]) as last
    from public.metrics, lateral (
      values (metric_value::numeric, 'd'::"char", date::timestamp),
        (metric_value::numeric, 'h', date_trunc('hour', "timestamp" at time zone 'UTC'))
    ) as g (v, grain, bucket)
    where date >= (select ops.detail_floor()) and (grain = 'd' or bucket >= (select ops.hour_floor()))
    group by 1, 2, 3, 4, 5, 6
  ) as buckets
$$;

create function ops.recounted_gauges() returns setof ops.gauge_series language sql stable as $$
  select distinct on (1, 2, 3, 4, 5, 6) service_name, metric_type, metric_name, coalesce(m.metric_unit, ''),
    ops.series_of(m.dimensions, d.series_key), m.date, m.metric_value, m."timestamp", m.id
  from public.metrics m join ops.metric_definitions d using (service_name, metric_type, metric_name)
  where d.kind = 'gauge' and m.date >= (select ops.detail_floor())
  order by 1, 2, 3, 4, 5, 6, m."timestamp" desc, m.id desc
$$;

create function ops.recounted_entities() returns setof ops.entity_days language sql stable as $$
  select service_name, metric_type, metric_name, coalesce(m.metric_unit, ''), ops.entity_of(m.dimensions, d.entity_key), m.date,
    count(*), sum(m.metric_value::numeric)
  from public.metrics m join ops.metric_definitions d using (service_name, metric_type, metric_name)
  where d.entity_key is not null and ops.entity_of(m.dimensions, d.entity_key) is not null and m.date >= (select ops.detail_floor())
  group by 1, 2, 3, 4, 5, 6
$$;

-- Every difference between the roll-ups and a recount of the rows; no rows: they are true.
create function ops.rollup_differences() returns table (rollup text, stored jsonb, recounted jsonb)
language sql stable set jit = off as $$
  select 'metric_rollups', to_jsonb(s), to_jsonb(c)
  from (
    select * from ops.metric_rollups
    where bucket >= case grain when 'd' then (select ops.detail_floor()::timestamp) else (select ops.hour_floor()) end
  ) as s
  full join ops.recounted_rollups() c using (service_name, metric_type, metric_name, metric_unit, grain, bucket)
  where (s.n, s.sum, s.sumsq, s.min, s.max, s.last, s.last_at, s.last_id)
    is distinct from (c.n, c.sum, c.sumsq, c.min, c.max, c.last, c.last_at, c.last_id)
  union all
  select 'gauge_series', to_jsonb(s), to_jsonb(c)
  from (select * from ops.gauge_series where day >= (select ops.detail_floor())) as s
  full join ops.recounted_gauges() c using (service_name, metric_type, metric_name, metric_unit, series, day)
  where (s.last, s.last_at, s.last_id) is distinct from (c.last, c.last_at, c.last_id)
  union all
  select 'entity_days', to_jsonb(s), to_jsonb(c)
  from (select * from ops.entity_days where day >= (select ops.detail_floor())) as s
  full join ops.recounted_entities() c using (service_name, metric_type, metric_name, metric_unit, entity_id, day)
  where (s.n, s.sum) is distinct from (c.n, c.sum)
$$;

-- Counts everything again from the detail floor on; what is older stays as it is, for its rows are gone.
create function ops.rebuild_rollups() returns void language plpgsql as $$
begin
  lock table public.metrics in share row exclusive mode; -- no writer may be between its rows and its roll-ups
  delete from ops.metric_rollups
  where bucket >= case grain when 'd' then (select ops.detail_floor()::timestamp) else (select ops.hour_floor()) end;
  delete from ops.gauge_series where day >= (select ops.detail_floor());
  delete from ops.entity_days where day >= (select ops.detail_floor());
  insert into ops.metric_rollups
    (service_name, metric_type, metric_name, metric_unit, grain, bucket, n, sum, sumsq, min, max, last, last_at, last_id)
  select service_name, metric_type, metric_name, metric_unit, grain, bucket, n, sum, sumsq, min, max, last, last_at, last_id
  from ops.recounted_rollups();
  insert into ops.gauge_series select * from ops.recounted_gauges();
  insert into ops.entity_days select * from ops.recounted_entities();
end $$;

-- A definition that becomes or ceases to be a gauge, or names other keys, moves its rows between series and entities.
create function ops.definition_changed() returns trigger language plpgsql as $$
begin
  lock table public.metrics in share row exclusive mode;
  delete from ops.gauge_series g
  where (g.service_name, g.metric_type, g.metric_name)
      in ((old.service_name, old.metric_type, old.metric_name), (new.service_name, new.metric_type, new.metric_name))
    and g.day >= (select ops.detail_floor());
  insert into ops.gauge_series select * from ops.recounted_gauges() g
  where (g.service_name, g.metric_type, g.metric_name)
      in ((old.service_name, old.metric_type, old.metric_name), (new.service_name, new.metric_type, new.metric_name));
  delete from ops.entity_days e
  where (e.service_name, e.metric_type, e.metric_name)
      in ((old.service_name, old.metric_type, old.metric_name), (new.service_name, new.metric_type, new.metric_name))
    and e.day >= (select ops.detail_floor());
  insert into ops.entity_days select * from ops.recounted_entities() e
  where (e.service_name, e.metric_type, e.metric_name)
      in ((old.service_name, old.metric_type, old.metric_name), (new.service_name, new.metric_type, new.metric_name));
  update ops.metric_rollups r set changed = nextval('ops.change')
  where (r.service_name, r.metric_type, r.metric_name)
      in ((old.service_name, old.metric_type, old.metric_name), (new.service_name, new.metric_type, new.metric_name));
  return null;
end $$;

create trigger definition_inserted after insert on ops.metric_definitions for each row
  when (new.kind = 'gauge' or new.entity_key is not null) execute function ops.definition_changed();
create trigger definition_updated after update on ops.metric_definitions for each row
  when ((old.service_name, old.metric_type, old.metric_name, old.kind, old.series_key, old.entity_key)
    is distinct from (new.service_name, new.metric_type, new.metric_name, new.kind, new.series_key, new.entity_key))
  execute function ops.definition_changed();
create trigger definition_deleted after delete on ops.metric_definitions for each row
  when (old.kind = 'gauge' or old.entity_key is not null) execute function ops.definition_changed();
