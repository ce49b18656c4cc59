create table reports (
  id uuid primary key default ops.uuid7(),
  name text not null check (char_length(name) between 1 and 255),
  report_type report_type not null,
  format report_format not null,
  status report_status not null default 'pending',
  parameters jsonb not null default '{}',
  file_path text, -- an opaque key of the report store
  file_size int check (file_size >= 0),
  generated_at timestamptz,
  scheduled boolean not null default false,
  schedule_config jsonb,
  email_recipients text[] not null default '{}',
  created_by uuid not null,
  error_code text,
  error_message text,
  period_start date,
  period_end date check (period_end >= period_start),
  data_version text, -- which state of the metrics the file was made from
  content_sha256 text check (content_sha256 ~ '^[0-9a-f]{64}$'),
  row_count int check (row_count >= 0),
  template_id uuid references reports (id),
  deleted_at timestamptz,
  version int not null default 1,
  created_at timestamptz not null default ops.now(),
  updated_at timestamptz not null default ops.now(),
  check (status <> 'completed' or (generated_at is not null and content_sha256 is not null)),
  check (status <> 'failed' or error_code is not null)
);
create index reports_report_type on reports (report_type);
create index reports_format on reports (format);
create index reports_status on reports (status);
create index reports_scheduled on reports (scheduled);
create index reports_created_by on reports (created_by);
create index reports_created_at on reports (created_at);
create index reports_generated_at on reports (generated_at);
create index reports_type_status on reports (report_type, status);
create index reports_template_period on reports (template_id, period_start);

-- The default report store: bytes in Postgres, because the edge has no disk.
create table ops.report_files (
  key text primary key,
  report_id uuid not null,
  bytes bytea not null,
  created_at timestamptz not null default ops.now()
);
create index report_files_report on ops.report_files (report_id);

create table ops.deliveries (
  id uuid primary key default ops.uuid7(),
  report_id uuid not null references reports (id),
  run_id uuid,
  recipient text not null,
  state text not null default 'queued' check (state in ('queued', 'sending', 'sent', 'rejected', 'deferred', 'unknown')),
  message_id text not null,
  server_answer text,
  attempt int not null default 0,
  version int not null default 1,
  created_at timestamptz not null default ops.now(),
  updated_at timestamptz not null default ops.now()
);
create index deliveries_report on ops.deliveries (report_id, created_at, id);
