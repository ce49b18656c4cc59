-- The machinery lives in ops; public holds the six tables of the service.
create schema ops;

-- Domain time. Tests replace this one function; no other statement may ask the clock.
create function ops.now() returns timestamptz language sql stable parallel safe as 'select statement_timestamp()';

-- RFC 9562 version 7: 48 bits of Unix milliseconds, then random bits, so that keys grow with time.
create function ops.uuid7() returns uuid language sql volatile parallel safe as $$
  select encode(
    set_bit(set_bit(
      overlay(uuid_send(gen_random_uuid())
        placing substring(int8send(floor(extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
      52, 1), 53, 1), 'hex')::uuid
$$;

create table ops.settings (
  key text primary key,
  value text not null,
  updated_at timestamptz not null default ops.now()
);

create type service_name as enum ('auth', 'content', 'partners_crm', 'projects', 'social_media', 'notification');
create type metric_type as enum ('donation', 'partner', 'project', 'beneficiary', 'social_post', 'notification', 'engagement', 'conversion', 'revenue');
create type dashboard_type as enum ('executive', 'partner', 'project', 'social_media', 'notification', 'custom');
create type data_sync_service_name as enum ('auth', 'content', 'partners_crm', 'projects', 'social_media', 'notification');
create type sync_type as enum ('full', 'incremental', 'manual');
create type sync_status as enum ('pending', 'running', 'completed', 'failed');
create type report_type as enum ('daily', 'weekly', 'monthly', 'annual', 'custom');
create type report_format as enum ('pdf', 'excel', 'csv', 'json');
create type report_status as enum ('pending', 'generating', 'completed', 'failed');
create type goal_metric_type as enum ('donation', 'partner', 'project', 'beneficiary', 'social_post', 'notification', 'engagement', 'conversion', 'revenue');
create type goal_status as enum ('active', 'achieved', 'failed', 'cancelled');
create type job_type as enum ('data_sync', 'report_generation', 'goal_update', 'custom');
create type job_status as enum ('success', 'failed', 'running', 'pending');
