-- Goals feed themselves: whatever changes metrics (COPY and corrections too) queues a run that computes the goals fed from
-- the series it touched, in its own transaction. At most one run a minute and series, due when the minute is over.

-- The run of a series that is due at a minute: always the same id, of version 7 (RFC 9562), so that it is queued once.
create function ops.goal_feed_id(series jsonb, due timestamptz) returns uuid language sql stable parallel safe as $$
  select (substr(at, 1, 8) || '-' || substr(at, 9, 4) || '-7' || substr(name, 1, 3) || '-8' || substr(name, 4, 3) || '-'
    || substr(name, 7, 12))::uuid
  from (select lpad(to_hex((extract(epoch from due) * 1000)::bigint), 12, '0') as at, md5(series::text) as name) as parts
$$;

-- Queues the run of a series, unless one is waiting that will see this transaction's rows. A waiting run is held against
-- being claimed until the transaction ends; one that is being claimed, under way or cancelled may not see the rows, so
-- the next minute's is taken instead. Only a run that is not due yet is held, so that writers cannot keep it waiting.
create function ops.queue_goal_feed(series jsonb) returns void language plpgsql as $$
declare
  due timestamptz := date_bin('1 minute', ops.now(), '2000-01-01 00:00+00') + interval '1 minute';
  run uuid;
begin
  loop
    run := ops.goal_feed_id(series, due);
    for attempt in 1 .. 2 loop -- the second time it is there, if somebody else has just queued it
      perform from ops.job_runs where id = run and state = 'queued' and cancel_at is null for share skip locked;
      if found then return; end if;
      insert into ops.job_runs (id, job_type, fire_key, config, exclusive, scheduled_for, run_at)
      values (run, 'goal_update', 'o:' || run, jsonb_build_object('series', series), false, due, due)
      on conflict (id) do nothing;
      if found then return; end if;
    end loop;
    due := due + interval '1 minute';
  end loop;
end $$;

-- A row concerns a goal if it has the goal's dimensions, and its day lies in the window or, as levels stay until the next
-- reading, up to 366 days before it. That day is one of the goal's zone, at most three days from the row's date: a date is
-- up to two days from the timestamp in UTC. Sequential scans are off because the plans are cached, often from a time when
-- there were few goals.
create function ops.feed_goals() returns trigger language plpgsql set jit = off set enable_seqscan = off as $$
declare
  series jsonb;
begin
  if current_setting('ops.keep_rollups', true) = 'on' then return null; end if;
  if not exists ( -- the states as text, so that of all indexes the one of fed goals alone can answer
    select from public.goals
    where service_name is not null and metric_name is not null and status::text in ('active', 'failed') and deleted_at is null
  ) then return null; end if;
  for series in
    select jsonb_build_object('service_name', service_name, 'metric_type', metric_type, 'metric_name', metric_name)
    from (
      select service_name, metric_type, metric_name, min(date) as first, max(date) as last
      from changed group by service_name, metric_type, metric_name
    ) as c
    where exists (
      select from public.goals g
      where g.service_name = c.service_name and g.metric_name = c.metric_name and g.metric_type::text = c.metric_type::text
        and g.status in ('active', 'failed') and g.deleted_at is null
        and g.start_date - 369 <= c.last and g.end_date + 3 >= c.first
        and (g.dimensions is null or exists (
          select from changed x
          where x.service_name = c.service_name and x.metric_type = c.metric_type and x.metric_name = c.metric_name
            and x.dimensions @> g.dimensions)))
    order by 1 -- so that writers who queue the same runs wait for each other in one direction
  loop
    perform ops.queue_goal_feed(series);
  end loop;
  return null;
end $$;

-- By their names they fire after the roll-ups, which other writers wait for anyway.
create trigger series_fed_inserted after insert on metrics referencing new table as changed
  for each statement execute function ops.feed_goals();
create trigger series_fed_updated_to after update on metrics referencing new table as changed
  for each statement execute function ops.feed_goals();
create trigger series_fed_updated_from after update on metrics referencing old table as changed
  for each statement execute function ops.feed_goals();
create trigger series_fed_deleted after delete on metrics referencing old table as changed
  for each statement execute function ops.feed_goals();
