-- What scheduling needs beyond a schedule: pauses after failures, bounded history, and lists over all of it.
alter table scheduled_jobs
  add column failures_in_a_row int not null default 0 check (failures_in_a_row >= 0), -- runs that failed since the last success, edit or resume
  add column history_days int not null default 90 check (history_days between 1 and 3650); -- ended runs are kept for as long

-- What retention has removed of a job's history, so that counters and accounted occurrences can still be proven.
create table ops.job_run_totals (
  job_id uuid primary key references scheduled_jobs (id),
  until timestamptz not null, -- no run scheduled up to here is left, unless it was open when retention passed
  succeeded bigint not null default 0,
  failed bigint not null default 0,
  skipped bigint not null default 0,
  cancelled bigint not null default 0,
  occurrences bigint not null default 0
);

create index job_runs_by_time on ops.job_runs (scheduled_for, id);
-- Few among many: found without a walk through all that succeeded.
create index job_runs_by_state on ops.job_runs (state, scheduled_for, id) where state in ('failed', 'skipped', 'cancelled');

-- Forecasts that were computed already. A write to the series changes its data version, so an old answer is never found.
create table ops.forecast_cache (
  key text primary key, -- what was asked, of which series, on which local day
  data_version text not null,
  answer jsonb not null,
  computed_at timestamptz not null default ops.now()
);
create index forecast_cache_age on ops.forecast_cache (computed_at);
