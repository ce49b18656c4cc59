create table scheduled_jobs (
  id uuid primary key default ops.uuid7(),
  name text not null check (char_length(name) between 1 and 255),
  job_type job_type not null,
  schedule text not null check (char_length(schedule) between 1 and 100),
  is_active boolean not null default true,
  last_run_at timestamptz,
  next_run_at timestamptz, -- the first occurrence after cursor_at; null: never
  last_status job_status,
  run_count int not null default 0 check (run_count = success_count + failure_count),
  success_count int not null default 0,
  failure_count int not null default 0,
  config jsonb not null default '{}',
  timezone text not null default 'UTC',
  misfire text not null default 'once' check (misfire in ('once', 'skip', 'all')),
  catch_up_limit_s int check (catch_up_limit_s >= 0),
  overlap text not null default 'skip' check (overlap in ('skip', 'queue', 'allow')),
  jitter_s int not null default 0 check (jitter_s between 0 and 3600),
  max_attempts int not null default 3 check (max_attempts between 1 and 20),
  backoff_s int not null default 30 check (backoff_s between 1 and 86400),
  timeout_s int not null default 600 check (timeout_s between 1 and 86400),
  pause_after_failures int check (pause_after_failures >= 1),
  revision int not null default 1, -- bumps on each edit, so that no instance accounts by an old schedule
  cursor_at timestamptz not null default ops.now(), -- every occurrence up to here is accounted for; the next window begins here
  schedule_since timestamptz not null default ops.now(), -- when this revision began: it has no occurrences before
  created_by uuid,
  deleted_at timestamptz,
  version int not null default 1,
  created_at timestamptz not null default ops.now(),
  updated_at timestamptz not null default ops.now()
);
create index scheduled_jobs_name on scheduled_jobs (name);
create index scheduled_jobs_job_type on scheduled_jobs (job_type);
create index scheduled_jobs_is_active on scheduled_jobs (is_active);
create index scheduled_jobs_last_run_at on scheduled_jobs (last_run_at);
create index scheduled_jobs_due on scheduled_jobs (next_run_at) where is_active;
create index scheduled_jobs_last_status on scheduled_jobs (last_status);
create index scheduled_jobs_created_at on scheduled_jobs (created_at);
create index scheduled_jobs_type_active on scheduled_jobs (job_type, is_active);
