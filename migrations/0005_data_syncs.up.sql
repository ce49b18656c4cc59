create table data_syncs (
  id uuid primary key default ops.uuid7(),
  service_name data_sync_service_name not null,
  sync_type sync_type not null,
  status sync_status not null default 'pending',
  started_at timestamptz,
  completed_at timestamptz,
  records_processed int not null default 0 check (records_processed >= 0),
  records_failed int not null default 0 check (records_failed >= 0),
  last_sync_timestamp timestamptz, -- the watermark: what the source changed up to here is stored
  error_message text,
  metadata jsonb not null default '{}',
  version int not null default 1,
  created_at timestamptz not null default ops.now(),
  updated_at timestamptz not null default ops.now()
);
create index data_syncs_service_created on data_syncs (service_name, created_at);
create index data_syncs_sync_type on data_syncs (sync_type);
create index data_syncs_status on data_syncs (status);
create unique index data_syncs_one_open on data_syncs (service_name) where status in ('pending', 'running');
