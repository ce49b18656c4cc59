-- What the chaos is judged by: written by triggers and by the handlers' own transactions, never by the ledger.
create schema chaos;

-- Effects inside Postgres: a checkpoint's or a commit's, or what a final failure writes. No key: a double must show.
create table chaos.effects (
  run_id uuid not null,
  attempt int,
  kind text not null,
  step int,
  at timestamptz not null default clock_timestamp()
);
create index effects_run on chaos.effects (run_id);

-- Every turn that a run takes, in the order of its own row's locks.
create table chaos.turns (
  seq bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  run_id uuid not null,
  job_id uuid,
  exclusive boolean not null,
  run_at timestamptz not null,
  state text not null,
  reason text,
  attempt int not null,
  worker text,
  digest text -- of a row that has ended
);
create index turns_run on chaos.turns (run_id, seq);

create function chaos.note_turn() returns trigger language plpgsql as $$
begin
  insert into chaos.turns (run_id, job_id, exclusive, run_at, state, reason, attempt, worker, digest)
  values (new.id, new.job_id, new.exclusive, new.run_at, new.state, new.reason, new.attempt, new.worker,
    case when new.finished_at is not null then md5(new::text) end);
  return null;
end $$;
create trigger chaos_inserted after insert on ops.job_runs for each row execute function chaos.note_turn();
create trigger chaos_turned after update on ops.job_runs for each row
  when ((old.state, old.attempt, old.worker) is distinct from (new.state, new.attempt, new.worker))
  execute function chaos.note_turn();

-- The terms of every job, with the instant from which they hold. A deletion settles its job at an instant between the
-- beginning of its transaction and deleted_at.
create table chaos.terms (
  seq bigint generated always as identity primary key,
  job_id uuid not null,
  schedule text not null,
  timezone text not null,
  is_active boolean not null,
  since timestamptz not null,
  ended_after timestamptz,
  ended_until timestamptz
);

create function chaos.note_terms() returns trigger language plpgsql as $$
begin
  insert into chaos.terms (job_id, schedule, timezone, is_active, since, ended_after, ended_until)
  values (new.id, new.schedule, new.timezone, new.is_active, new.schedule_since,
    case when new.deleted_at is not null then chaos.domain(now()) end, new.deleted_at);
  return null;
end $$;
create trigger chaos_created after insert on scheduled_jobs for each row execute function chaos.note_terms();
create trigger chaos_edited after update on scheduled_jobs for each row
  when ((old.schedule, old.timezone, old.is_active, old.schedule_since, old.deleted_at) is distinct from
    (new.schedule, new.timezone, new.is_active, new.schedule_since, new.deleted_at))
  execute function chaos.note_terms();

-- Every attempt, from its claim to the next turn of its run.
create view chaos.attempts as
select * from (
  select seq, run_id, job_id, exclusive, run_at, state, attempt, worker, at as from_at,
    lead(at) over turns as until_at, lead(state) over turns as next_state
  from chaos.turns window turns as (partition by run_id order by seq)
) seen where state = 'running';
