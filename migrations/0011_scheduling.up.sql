-- What scheduling needs beyond a schedule: pauses after failures, bounded history, and lists over all of it.
alter table scheduled_jobs
  add column failures_in_a_row int not null default 0 check (failures_in_a_row >= 0), -- runs that failed since the last success or edit
  add column history_days int not null default 90 check (history_days between 1 and 3650); -- ended runs are kept for as long

-- What retention has removed of a job's history, so that counters and accounted occurrences can still be proven.
create table ops.job_run_totals (
  job_id uuid primary key references scheduled_jobs (id),
  until timestamptz not null, -- no run scheduled up to here is left, unless it was open when retention passed, or nobody scheduled it
  succeeded bigint not null default 0,
  failed bigint not null default 0,
  skipped bigint not null default 0,
  cancelled bigint not null default 0,
  occurrences bigint not null default 0
);

-- A run of no job has its own id for a key, so the primary key is all it needs to happen once.
drop index ops.job_runs_fire;
create unique index job_runs_fire on ops.job_runs (job_id, fire_key) where job_id is not null;
alter table ops.job_runs add constraint job_runs_one_off_key check (job_id is not null or fire_key = 'o:' || id);

-- Each lane of places has a line of its own, so that a claim never walks past what waits for the other one.
drop index ops.job_runs_ready;
create index job_runs_ready_light on ops.job_runs (run_at, id)
  where state in ('queued', 'retrying') and job_type in ('goal_update', 'custom');
create index job_runs_ready_heavy on ops.job_runs (run_at, id)
  where state in ('queued', 'retrying') and job_type in ('data_sync', 'report_generation');
drop index ops.job_runs_open;
create index job_runs_open on ops.job_runs (job_id, run_at, id)
  where job_id is not null and state in ('queued', 'running', 'retrying');

-- Only jobs have a history to be read by their own time; a list over everything goes by the ids, which grow with time.
drop index ops.job_runs_history;
create index job_runs_history on ops.job_runs (job_id, scheduled_for, id) where job_id is not null;
-- Few among many: found without a walk through all that succeeded.
create index job_runs_by_state on ops.job_runs (state, id) where state in ('failed', 'skipped', 'cancelled');

-- Forecasts that were computed already. A write to the series changes its data version, so an old answer is never found.
create table ops.forecast_cache (
  key text primary key, -- what was asked, of which series, on which local day
  data_version text not null,
  answer jsonb not null,
  computed_at timestamptz not null default ops.now()
);
create index forecast_cache_age on ops.forecast_cache (computed_at);

-- Runs that are asked to end: few, and found at once.
create index job_runs_cancel on ops.job_runs (cancel_at) where cancel_at is not null and state in ('queued', 'running', 'retrying');

-- Whoever listens on the channel `ledger` hears what is worth a look; a wake-up that gets lost costs only time.
create function ops.wake() returns trigger language plpgsql as $$
begin
  perform pg_notify('ledger', tg_argv[0]);
  return null;
end $$;
create function ops.wake_for_queued() returns trigger language plpgsql as $$
begin
  if exists (select from new_rows where state = 'queued') then perform pg_notify('ledger', 'run'); end if;
  return null;
end $$;
create trigger job_runs_queued after insert on ops.job_runs referencing new table as new_rows
  for each statement execute function ops.wake_for_queued();
create trigger job_runs_cancel_asked after update of cancel_at on ops.job_runs for each row
  when (old.cancel_at is null and new.cancel_at is not null) execute function ops.wake('cancel');
create trigger scheduled_jobs_made after insert on scheduled_jobs for each statement execute function ops.wake('edit');
create trigger scheduled_jobs_edited after update of revision on scheduled_jobs for each row
  when (old.revision <> new.revision) execute function ops.wake('edit');
