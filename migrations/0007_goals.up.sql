create table goals (
  id uuid primary key default ops.uuid7(),
  name text not null check (char_length(name) between 1 and 255),
  description text,
  metric_type goal_metric_type not null,
  target_value float8 not null check (target_value between -1e15 and 1e15),
  current_value float8 not null default 0 check (current_value between -1e15 and 1e15),
  unit text not null,
  start_date date not null,
  end_date date not null check (end_date >= start_date),
  status goal_status not null default 'active',
  progress_percentage float8 not null default 0,
  alert_threshold float8 check (alert_threshold > 1 and alert_threshold <= 100),
  alert_sent boolean not null default false,
  forecast_value float8,
  forecast_updated_at timestamptz,
  created_by uuid not null,
  service_name service_name, -- with metric_name: progress comes from the metrics
  metric_name text,
  dimensions jsonb,
  aggregation text check (aggregation in ('sum', 'count', 'avg', 'last')),
  direction text not null default 'increase' check (direction in ('increase', 'decrease', 'maintain')),
  baseline_value float8 not null default 0,
  timezone text not null default 'UTC',
  deleted_at timestamptz,
  version int not null default 1,
  created_at timestamptz not null default ops.now(),
  updated_at timestamptz not null default ops.now(),
  check (target_value <> baseline_value)
);
create index goals_metric_type on goals (metric_type);
create index goals_status on goals (status);
create index goals_created_by on goals (created_by);
create index goals_end_date on goals (end_date);
create index goals_created_at on goals (created_at);
create index goals_metric_type_status on goals (metric_type, status);
create index goals_status_end_date on goals (status, end_date);
create index goals_service_metric on goals (service_name, metric_name);

-- Every value a goal has had, by hand or from the metrics; append-only.
create table ops.goal_readings (
  id uuid primary key default ops.uuid7(),
  goal_id uuid not null references goals (id),
  value float8 not null,
  progress_percentage float8 not null,
  source text not null check (source in ('manual', 'metrics')),
  recorded_by uuid,
  recorded_at timestamptz not null default ops.now()
);
create index goal_readings_goal on ops.goal_readings (goal_id, recorded_at, id);
