-- The ledger: one row for everything that must happen later or again. Terminal rows never change.
create table ops.job_runs (
  id uuid primary key default ops.uuid7(),
  job_id uuid references scheduled_jobs (id), -- null: one-off work
  job_type job_type not null,
  fire_key text not null, -- s:<epoch> scheduled, m:<key> manual, b:<range>:<epoch> backfill, o:<uuid> one-off
  scheduled_for timestamptz not null,
  covers_from timestamptz, -- this row answers for the occurrences in (covers_from, scheduled_for]
  occurrences int not null default 0 check (occurrences >= 0), -- wall times of the calendar; 0 for work that no schedule asked for
  state text not null default 'queued'
    check (state in ('queued', 'running', 'retrying', 'succeeded', 'failed', 'skipped', 'cancelled')),
  reason text,
  exclusive boolean not null default true,
  attempt int not null default 0,
  max_attempts int not null default 3 check (max_attempts >= 1),
  backoff_s int not null default 30,
  timeout_s int not null default 600,
  run_at timestamptz not null,
  lease_until timestamptz,
  worker text,
  cancel_at timestamptz,
  config jsonb not null default '{}', -- the job's configuration with the override of this run
  progress jsonb,
  result jsonb,
  error jsonb,
  started_at timestamptz,
  finished_at timestamptz,
  created_at timestamptz not null default ops.now(),
  check ((state = 'running') = (lease_until is not null)),
  check ((state in ('succeeded', 'failed', 'skipped', 'cancelled')) = (finished_at is not null))
);
create unique index job_runs_fire on ops.job_runs (job_id, fire_key) nulls not distinct;
create unique index job_runs_one_live on ops.job_runs (job_id) where exclusive and state in ('running', 'retrying');
create index job_runs_ready on ops.job_runs (run_at, id) where state in ('queued', 'retrying');
create index job_runs_lease on ops.job_runs (lease_until) where state = 'running';
create index job_runs_open on ops.job_runs (job_id, run_at, id) where state in ('queued', 'running', 'retrying');
create index job_runs_history on ops.job_runs (job_id, scheduled_for, id);

create function ops.job_runs_immutable() returns trigger language plpgsql as $$
begin
  raise exception 'run % has ended and never changes', old.id using errcode = 'integrity_constraint_violation';
end $$;
create trigger job_runs_terminal before update on ops.job_runs for each row
  when (old.state in ('succeeded', 'failed', 'skipped', 'cancelled')) execute function ops.job_runs_immutable();

create table ops.job_run_logs (
  run_id uuid not null references ops.job_runs (id) on delete cascade,
  seq int not null,
  at timestamptz not null default ops.now(),
  level text not null check (level in ('info', 'warn', 'error')),
  message text not null,
  primary key (run_id, seq)
);

-- What happened that somebody may want to hear of: alerts, pauses, late readings.
create table ops.events (
  id uuid primary key default ops.uuid7(),
  kind text not null,
  subject_id uuid,
  detail jsonb not null default '{}',
  created_at timestamptz not null default ops.now()
);
create index events_subject on ops.events (subject_id, created_at, id);
