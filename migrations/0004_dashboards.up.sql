create table dashboards (
  id uuid primary key default ops.uuid7(),
  name text not null check (char_length(name) between 1 and 255),
  dashboard_type dashboard_type not null,
  description text,
  config jsonb not null default '{}',
  is_default boolean not null default false,
  is_public boolean not null default true,
  created_by uuid not null,
  version int not null default 1,
  created_at timestamptz not null default ops.now(),
  updated_at timestamptz not null default ops.now()
);
create index dashboards_name on dashboards (name);
create index dashboards_dashboard_type on dashboards (dashboard_type);
create index dashboards_created_by on dashboards (created_by);
create index dashboards_is_public on dashboards (is_public);
create unique index dashboards_one_default on dashboards (dashboard_type) where is_default;
