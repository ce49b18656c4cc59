type ops.reading (at timestamp with time zone, id uuid, value double precision)
type public.dashboard_type enum ('executive', 'partner', 'project', 'social_media', 'notification', 'custom')
type public.data_sync_service_name enum ('auth', 'content', 'partners_crm', 'projects', 'social_media', 'notification')
type public.goal_metric_type enum ('donation', 'partner', 'project', 'beneficiary', 'social_post', 'notification', 'engagement', 'conversion', 'revenue')
type public.goal_status enum ('active', 'achieved', 'failed', 'cancelled')
type public.job_status enum ('success', 'failed', 'running', 'pending')
type public.job_type enum ('data_sync', 'report_generation', 'goal_update', 'custom')
type public.metric_type enum ('donation', 'partner', 'project', 'beneficiary', 'social_post', 'notification', 'engagement', 'conversion', 'revenue')
type public.report_format enum ('pdf', 'excel', 'csv', 'json')
type public.report_status enum ('pending', 'generating', 'completed', 'failed')
type public.report_type enum ('daily', 'weekly', 'monthly', 'annual', 'custom')
type public.service_name enum ('auth', 'content', 'partners_crm', 'projects', 'social_media', 'notification')
type public.sync_status enum ('pending', 'running', 'completed', 'failed')
type public.sync_type enum ('full', 'incremental', 'manual')
sequence ops.change bigint start 1 increment 1

table ops.api_keys
  id text not null
  name text not null
  secret_sha256 bytea not null
  caller_id uuid not null
  scopes text[] not null
  expires_at timestamp with time zone
  revoked_at timestamp with time zone
  last_used_at timestamp with time zone
  created_at timestamp with time zone not null default ops.now()
  constraint api_keys_id_check CHECK ((id ~ '^[0-9A-Za-z]{12}$'::text))
  constraint api_keys_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 255)))
  constraint api_keys_pkey PRIMARY KEY (id)
  CREATE UNIQUE INDEX api_keys_pkey ON ops.api_keys USING btree (id)

table ops.deliveries
  id uuid not null default ops.uuid7()
  report_id uuid not null
  run_id uuid
  recipient text not null
  state text not null default 'queued'::text
  message_id text not null
  server_answer text
  attempt integer not null default 0
  version integer not null default 1
  created_at timestamp with time zone not null default ops.now()
  updated_at timestamp with time zone not null default ops.now()
  constraint deliveries_pkey PRIMARY KEY (id)
  constraint deliveries_report_id_fkey FOREIGN KEY (report_id) REFERENCES reports(id)
  constraint deliveries_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'sending'::text, 'sent'::text, 'rejected'::text, 'deferred'::text, 'unknown'::text])))
  CREATE UNIQUE INDEX deliveries_pkey ON ops.deliveries USING btree (id)
  CREATE INDEX deliveries_report ON ops.deliveries USING btree (report_id, created_at, id)

table ops.entity_days with (fillfactor=90)
  service_name service_name not null
  metric_type metric_type not null
  metric_name text not null
  metric_unit text not null default ''::text
  entity_id text not null
  day date not null
  n bigint not null
  sum numeric not null
  constraint entity_days_pkey PRIMARY KEY (service_name, metric_type, metric_name, metric_unit, entity_id, day)
  CREATE INDEX entity_days_day ON ops.entity_days USING btree (service_name, metric_type, metric_name, metric_unit, day)
  CREATE UNIQUE INDEX entity_days_pkey ON ops.entity_days USING btree (service_name, metric_type, metric_name, metric_unit, entity_id, day)

table ops.events
  id uuid not null default ops.uuid7()
  kind text not null
  subject_id uuid
  detail jsonb not null default '{}'::jsonb
  created_at timestamp with time zone not null default ops.now()
  constraint events_pkey PRIMARY KEY (id)
  CREATE UNIQUE INDEX events_pkey ON ops.events USING btree (id)
  CREATE INDEX events_subject ON ops.events USING btree (subject_id, created_at, id)

table ops.forecast_cache
  key text not null
  data_version text not null
  answer jsonb not null
  computed_at timestamp with time zone not null default ops.now()
  constraint forecast_cache_pkey PRIMARY KEY (key)
  CREATE INDEX forecast_cache_age ON ops.forecast_cache USING btree (computed_at)
  CREATE UNIQUE INDEX forecast_cache_pkey ON ops.forecast_cache USING btree (key)

table ops.gauge_series with (fillfactor=90)
  service_name service_name not null
  metric_type metric_type not null
  metric_name text not null
  metric_unit text not null default ''::text
  series text not null
  day date not null
  last double precision not null
  last_at timestamp with time zone not null
  last_id uuid not null
  constraint gauge_series_pkey PRIMARY KEY (service_name, metric_type, metric_name, metric_unit, series, day)
  CREATE INDEX gauge_series_day ON ops.gauge_series USING btree (service_name, metric_type, metric_name, metric_unit, day)
  CREATE UNIQUE INDEX gauge_series_pkey ON ops.gauge_series USING btree (service_name, metric_type, metric_name, metric_unit, series, day)

table ops.goal_forecasts
  goal_id uuid not null
  inputs text not null
  data_version text not null
  as_of date not null
  answer jsonb not null
  computed_at timestamp with time zone not null default ops.now()
  constraint goal_forecasts_goal_id_fkey FOREIGN KEY (goal_id) REFERENCES goals(id)
  constraint goal_forecasts_pkey PRIMARY KEY (goal_id)
  CREATE UNIQUE INDEX goal_forecasts_pkey ON ops.goal_forecasts USING btree (goal_id)

table ops.goal_readings
  id uuid not null default ops.uuid7()
  goal_id uuid not null
  value double precision not null
  progress_percentage double precision not null
  source text not null
  recorded_by uuid
  recorded_at timestamp with time zone not null default ops.now()
  constraint goal_readings_goal_id_fkey FOREIGN KEY (goal_id) REFERENCES goals(id)
  constraint goal_readings_pkey PRIMARY KEY (id)
  constraint goal_readings_source_check CHECK ((source = ANY (ARRAY['manual'::text, 'metrics'::text])))
  CREATE INDEX goal_readings_goal ON ops.goal_readings USING btree (goal_id, recorded_at, id)
  CREATE UNIQUE INDEX goal_readings_pkey ON ops.goal_readings USING btree (id)

table ops.idempotency_keys
  caller text not null
  key text not null
  request_sha256 bytea not null
  status integer not null
  resource text
  location text
  body text
  created_at timestamp with time zone not null default ops.now()
  constraint idempotency_keys_pkey PRIMARY KEY (caller, key)
  CREATE INDEX idempotency_keys_created_at ON ops.idempotency_keys USING brin (created_at)
  CREATE UNIQUE INDEX idempotency_keys_pkey ON ops.idempotency_keys USING btree (caller, key)

table ops.job_run_logs
  run_id uuid not null
  seq integer not null
  at timestamp with time zone not null default ops.now()
  level text not null
  message text not null
  constraint job_run_logs_level_check CHECK ((level = ANY (ARRAY['info'::text, 'warn'::text, 'error'::text])))
  constraint job_run_logs_pkey PRIMARY KEY (run_id, seq)
  constraint job_run_logs_run_id_fkey FOREIGN KEY (run_id) REFERENCES ops.job_runs(id) ON DELETE CASCADE
  CREATE UNIQUE INDEX job_run_logs_pkey ON ops.job_run_logs USING btree (run_id, seq)

table ops.job_run_totals
  job_id uuid not null
  until timestamp with time zone not null
  succeeded bigint not null default 0
  failed bigint not null default 0
  skipped bigint not null default 0
  cancelled bigint not null default 0
  occurrences bigint not null default 0
  constraint job_run_totals_job_id_fkey FOREIGN KEY (job_id) REFERENCES scheduled_jobs(id)
  constraint job_run_totals_pkey PRIMARY KEY (job_id)
  CREATE UNIQUE INDEX job_run_totals_pkey ON ops.job_run_totals USING btree (job_id)

table ops.job_runs
  id uuid not null default ops.uuid7()
  job_id uuid
  job_type job_type not null
  fire_key text not null
  scheduled_for timestamp with time zone not null
  covers_from timestamp with time zone
  occurrences integer not null default 0
  state text not null default 'queued'::text
  reason text
  exclusive boolean not null default true
  attempt integer not null default 0
  max_attempts integer not null default 3
  backoff_s integer not null default 30
  timeout_s integer not null default 600
  run_at timestamp with time zone not null
  lease_until timestamp with time zone
  worker text
  cancel_at timestamp with time zone
  config jsonb not null default '{}'::jsonb
  progress jsonb
  result jsonb
  error jsonb
  started_at timestamp with time zone
  finished_at timestamp with time zone
  created_at timestamp with time zone not null default ops.now()
  constraint job_runs_check CHECK (((state = 'running'::text) = (lease_until IS NOT NULL)))
  constraint job_runs_check1 CHECK (((state = ANY (ARRAY['succeeded'::text, 'failed'::text, 'skipped'::text, 'cancelled'::text])) = (finished_at IS NOT NULL)))
  constraint job_runs_job_id_fkey FOREIGN KEY (job_id) REFERENCES scheduled_jobs(id)
  constraint job_runs_max_attempts_check CHECK ((max_attempts >= 1))
  constraint job_runs_occurrences_check CHECK ((occurrences >= 0))
  constraint job_runs_one_off_key CHECK (((job_id IS NOT NULL) OR (fire_key = ('o:'::text || id))))
  constraint job_runs_pkey PRIMARY KEY (id)
  constraint job_runs_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'retrying'::text, 'succeeded'::text, 'failed'::text, 'skipped'::text, 'cancelled'::text])))
  CREATE INDEX job_runs_by_state ON ops.job_runs USING btree (state, id) WHERE (state = ANY (ARRAY['failed'::text, 'skipped'::text, 'cancelled'::text]))
  CREATE INDEX job_runs_cancel ON ops.job_runs USING btree (cancel_at) WHERE ((cancel_at IS NOT NULL) AND (state = ANY (ARRAY['queued'::text, 'running'::text, 'retrying'::text])))
  CREATE UNIQUE INDEX job_runs_fire ON ops.job_runs USING btree (job_id, fire_key) WHERE (job_id IS NOT NULL)
  CREATE INDEX job_runs_history ON ops.job_runs USING btree (job_id, scheduled_for, id) WHERE (job_id IS NOT NULL)
  CREATE INDEX job_runs_lease ON ops.job_runs USING btree (lease_until) WHERE (state = 'running'::text)
  CREATE UNIQUE INDEX job_runs_one_live ON ops.job_runs USING btree (job_id) WHERE (exclusive AND (state = ANY (ARRAY['running'::text, 'retrying'::text])))
  CREATE INDEX job_runs_open ON ops.job_runs USING btree (job_id, run_at, id) WHERE ((job_id IS NOT NULL) AND (state = ANY (ARRAY['queued'::text, 'running'::text, 'retrying'::text])))
  CREATE UNIQUE INDEX job_runs_pkey ON ops.job_runs USING btree (id)
  CREATE INDEX job_runs_ready_heavy ON ops.job_runs USING btree (run_at, id) WHERE ((state = ANY (ARRAY['queued'::text, 'retrying'::text])) AND (job_type = ANY (ARRAY['data_sync'::job_type, 'report_generation'::job_type])))
  CREATE INDEX job_runs_ready_light ON ops.job_runs USING btree (run_at, id) WHERE ((state = ANY (ARRAY['queued'::text, 'retrying'::text])) AND (job_type = ANY (ARRAY['goal_update'::job_type, 'custom'::job_type])))
  CREATE TRIGGER job_runs_cancel_asked AFTER UPDATE OF cancel_at ON ops.job_runs FOR EACH ROW WHEN (((old.cancel_at IS NULL) AND (new.cancel_at IS NOT NULL))) EXECUTE FUNCTION ops.wake('cancel')
  CREATE TRIGGER job_runs_queued AFTER INSERT ON ops.job_runs REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION ops.wake_for_queued()
  CREATE TRIGGER job_runs_terminal BEFORE UPDATE ON ops.job_runs FOR EACH ROW WHEN ((old.state = ANY (ARRAY['succeeded'::text, 'failed'::text, 'skipped'::text, 'cancelled'::text]))) EXECUTE FUNCTION ops.job_runs_immutable()

table ops.metric_definitions
  service_name service_name not null
  metric_type metric_type not null
  metric_name text not null
  kind text not null
  unit text
  good_direction text not null default 'up'::text
  is_primary boolean not null default false
  series_key text[] not null default '{}'::text[]
  entity_key text
  description text not null default ''::text
  version integer not null default 1
  created_at timestamp with time zone not null default ops.now()
  updated_at timestamp with time zone not null default ops.now()
  constraint metric_definitions_check CHECK (((kind = 'gauge'::text) OR (series_key = '{}'::text[])))
  constraint metric_definitions_good_direction_check CHECK ((good_direction = ANY (ARRAY['up'::text, 'down'::text, 'none'::text])))
  constraint metric_definitions_kind_check CHECK ((kind = ANY (ARRAY['flow'::text, 'gauge'::text, 'sample'::text])))
  constraint metric_definitions_metric_name_check CHECK (((char_length(metric_name) >= 1) AND (char_length(metric_name) <= 255)))
  constraint metric_definitions_pkey PRIMARY KEY (service_name, metric_type, metric_name)
  CREATE UNIQUE INDEX metric_definitions_pkey ON ops.metric_definitions USING btree (service_name, metric_type, metric_name)
  CREATE UNIQUE INDEX metric_definitions_primary ON ops.metric_definitions USING btree (service_name, metric_type) WHERE is_primary
  CREATE TRIGGER definition_deleted AFTER DELETE ON ops.metric_definitions FOR EACH ROW WHEN (((old.kind = 'gauge'::text) OR (old.entity_key IS NOT NULL))) EXECUTE FUNCTION ops.definition_changed()
  CREATE TRIGGER definition_inserted AFTER INSERT ON ops.metric_definitions FOR EACH ROW WHEN (((new.kind = 'gauge'::text) OR (new.entity_key IS NOT NULL))) EXECUTE FUNCTION ops.definition_changed()
  CREATE TRIGGER definition_updated AFTER UPDATE ON ops.metric_definitions FOR EACH ROW WHEN (((((((old.service_name IS DISTINCT FROM new.service_name) OR (old.metric_type IS DISTINCT FROM new.metric_type)) OR (old.metric_name IS DISTINCT FROM new.metric_name)) OR (old.kind IS DISTINCT FROM new.kind)) OR (old.series_key IS DISTINCT FROM new.series_key)) OR (old.entity_key IS DISTINCT FROM new.entity_key))) EXECUTE FUNCTION ops.definition_changed()

table ops.metric_rollups with (fillfactor=80)
  service_name service_name not null
  metric_type metric_type not null
  metric_name text not null
  metric_unit text not null default ''::text
  grain "char" not null
  bucket timestamp without time zone not null
  n bigint not null
  sum numeric not null
  sumsq numeric not null
  min double precision not null
  max double precision not null
  last double precision not null
  last_at timestamp with time zone not null
  last_id uuid not null
  changed bigint not null default nextval('ops.change'::regclass)
  constraint metric_rollups_grain_check CHECK ((grain = ANY (ARRAY['d'::"char", 'h'::"char"])))
  constraint metric_rollups_pkey PRIMARY KEY (service_name, metric_type, metric_name, metric_unit, grain, bucket)
  CREATE UNIQUE INDEX metric_rollups_pkey ON ops.metric_rollups USING btree (service_name, metric_type, metric_name, metric_unit, grain, bucket)

table ops.report_files
  key text not null
  report_id uuid not null
  bytes bytea not null
  created_at timestamp with time zone not null default ops.now()
  constraint report_files_pkey PRIMARY KEY (key)
  CREATE UNIQUE INDEX report_files_pkey ON ops.report_files USING btree (key)
  CREATE INDEX report_files_report ON ops.report_files USING btree (report_id)

table ops.settings
  key text not null
  value text not null
  updated_at timestamp with time zone not null default ops.now()
  constraint settings_pkey PRIMARY KEY (key)
  CREATE UNIQUE INDEX settings_pkey ON ops.settings USING btree (key)

table public.dashboards
  id uuid not null default ops.uuid7()
  name text not null
  dashboard_type dashboard_type not null
  description text
  config jsonb not null default '{}'::jsonb
  is_default boolean not null default false
  is_public boolean not null default true
  created_by uuid not null
  version integer not null default 1
  created_at timestamp with time zone not null default ops.now()
  updated_at timestamp with time zone not null default ops.now()
  constraint dashboards_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 255)))
  constraint dashboards_pkey PRIMARY KEY (id)
  CREATE INDEX dashboards_created_by ON public.dashboards USING btree (created_by)
  CREATE INDEX dashboards_dashboard_type ON public.dashboards USING btree (dashboard_type)
  CREATE INDEX dashboards_is_public ON public.dashboards USING btree (is_public)
  CREATE INDEX dashboards_name ON public.dashboards USING btree (name)
  CREATE UNIQUE INDEX dashboards_one_default ON public.dashboards USING btree (dashboard_type) WHERE is_default
  CREATE UNIQUE INDEX dashboards_pkey ON public.dashboards USING btree (id)

table public.data_syncs
  id uuid not null default ops.uuid7()
  service_name data_sync_service_name not null
  sync_type sync_type not null
  status sync_status not null default 'pending'::sync_status
  started_at timestamp with time zone
  completed_at timestamp with time zone
  records_processed integer not null default 0
  records_failed integer not null default 0
  last_sync_timestamp timestamp with time zone
  error_message text
  metadata jsonb not null default '{}'::jsonb
  version integer not null default 1
  created_at timestamp with time zone not null default ops.now()
  updated_at timestamp with time zone not null default ops.now()
  constraint data_syncs_pkey PRIMARY KEY (id)
  constraint data_syncs_records_failed_check CHECK ((records_failed >= 0))
  constraint data_syncs_records_processed_check CHECK ((records_processed >= 0))
  CREATE UNIQUE INDEX data_syncs_one_open ON public.data_syncs USING btree (service_name) WHERE (status = ANY (ARRAY['pending'::sync_status, 'running'::sync_status]))
  CREATE UNIQUE INDEX data_syncs_pkey ON public.data_syncs USING btree (id)
  CREATE INDEX data_syncs_service_created ON public.data_syncs USING btree (service_name, created_at)
  CREATE INDEX data_syncs_status ON public.data_syncs USING btree (status)
  CREATE INDEX data_syncs_sync_type ON public.data_syncs USING btree (sync_type)

table public.goals
  id uuid not null default ops.uuid7()
  name text not null
  description text
  metric_type goal_metric_type not null
  target_value double precision not null
  current_value double precision not null default 0
  unit text not null
  start_date date not null
  end_date date not null
  status goal_status not null default 'active'::goal_status
  progress_percentage double precision not null default 0
  alert_threshold double precision
  alert_sent boolean not null default false
  forecast_value double precision
  forecast_updated_at timestamp with time zone
  created_by uuid not null
  service_name service_name
  metric_name text
  dimensions jsonb
  aggregation text
  direction text not null default 'increase'::text
  baseline_value double precision not null default 0
  timezone text not null default 'UTC'::text
  deleted_at timestamp with time zone
  version integer not null default 1
  created_at timestamp with time zone not null default ops.now()
  updated_at timestamp with time zone not null default ops.now()
  constraint goals_aggregation_check CHECK ((aggregation = ANY (ARRAY['sum'::text, 'count'::text, 'avg'::text, 'last'::text])))
  constraint goals_alert_threshold_check CHECK (((alert_threshold > (1)::double precision) AND (alert_threshold <= (100)::double precision)))
  constraint goals_check CHECK ((end_date >= start_date))
  constraint goals_check1 CHECK ((target_value <> baseline_value))
  constraint goals_current_value_check CHECK (((current_value > '-Infinity'::double precision) AND (current_value < 'Infinity'::double precision)))
  constraint goals_direction_check CHECK ((direction = ANY (ARRAY['increase'::text, 'decrease'::text, 'maintain'::text])))
  constraint goals_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 255)))
  constraint goals_pkey PRIMARY KEY (id)
  constraint goals_target_value_check CHECK (((target_value >= ('-1000000000000000'::numeric)::double precision) AND (target_value <= ('1000000000000000'::numeric)::double precision)))
  CREATE INDEX goals_created_at ON public.goals USING btree (created_at)
  CREATE INDEX goals_created_by ON public.goals USING btree (created_by)
  CREATE INDEX goals_end_date ON public.goals USING btree (end_date)
  CREATE INDEX goals_metric_type ON public.goals USING btree (metric_type)
  CREATE INDEX goals_metric_type_status ON public.goals USING btree (metric_type, status)
  CREATE UNIQUE INDEX goals_pkey ON public.goals USING btree (id)
  CREATE INDEX goals_service_metric ON public.goals USING btree (service_name, metric_name)
  CREATE INDEX goals_status ON public.goals USING btree (status)
  CREATE INDEX goals_status_end_date ON public.goals USING btree (status, end_date)

table public.metrics
  id uuid not null default ops.uuid7()
  service_name service_name not null
  metric_type metric_type not null
  metric_name text not null
  metric_value double precision not null
  metric_unit text
  dimensions jsonb not null default '{}'::jsonb
  timestamp timestamp with time zone not null default ops.now()
  date date not null
  external_id text
  metadata jsonb not null default '{}'::jsonb
  version integer not null default 1
  created_at timestamp with time zone not null default ops.now()
  updated_at timestamp with time zone not null default ops.now()
  constraint metrics_date_near_timestamp CHECK ((((date - (("timestamp" AT TIME ZONE 'UTC'::text))::date) >= '-2'::integer) AND ((date - (("timestamp" AT TIME ZONE 'UTC'::text))::date) <= 2)))
  constraint metrics_dimensions_check CHECK ((jsonb_typeof(dimensions) = 'object'::text))
  constraint metrics_external_id_check CHECK (((char_length(external_id) >= 1) AND (char_length(external_id) <= 255)))
  constraint metrics_metadata_check CHECK ((jsonb_typeof(metadata) = 'object'::text))
  constraint metrics_metric_name_check CHECK (((char_length(metric_name) >= 1) AND (char_length(metric_name) <= 255)))
  constraint metrics_metric_unit_check CHECK (((char_length(metric_unit) >= 1) AND (char_length(metric_unit) <= 50)))
  constraint metrics_metric_value_check CHECK (((metric_value >= ('-1000000000000000'::numeric)::double precision) AND (metric_value <= ('1000000000000000'::numeric)::double precision)))
  constraint metrics_pkey PRIMARY KEY (id)
  CREATE INDEX metrics_created_at ON public.metrics USING brin (created_at)
  CREATE INDEX metrics_date ON public.metrics USING brin (date)
  CREATE INDEX metrics_dimensions ON public.metrics USING gin (dimensions jsonb_path_ops)
  CREATE UNIQUE INDEX metrics_pkey ON public.metrics USING btree (id)
  CREATE UNIQUE INDEX metrics_service_external ON public.metrics USING btree (service_name, external_id) WHERE (external_id IS NOT NULL)
  CREATE INDEX metrics_service_type_time ON public.metrics USING btree (service_name, metric_type, "timestamp", id)
  CREATE INDEX metrics_timestamp ON public.metrics USING brin ("timestamp")
  CREATE INDEX metrics_type_time ON public.metrics USING btree (metric_type, "timestamp")
  CREATE INDEX metrics_updated_at ON public.metrics USING brin (updated_at)
  CREATE TRIGGER rollup_add_inserted AFTER INSERT ON public.metrics REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION ops.rollup_add()
  CREATE TRIGGER rollup_add_updated AFTER UPDATE ON public.metrics REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION ops.rollup_add()
  CREATE TRIGGER rollup_remove_deleted AFTER DELETE ON public.metrics REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION ops.rollup_remove()
  CREATE TRIGGER rollup_remove_updated AFTER UPDATE ON public.metrics REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION ops.rollup_remove()
  CREATE TRIGGER rollup_truncate BEFORE TRUNCATE ON public.metrics FOR EACH STATEMENT EXECUTE FUNCTION ops.rollup_truncate()
  CREATE TRIGGER series_fed_deleted AFTER DELETE ON public.metrics REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION ops.feed_goals()
  CREATE TRIGGER series_fed_inserted AFTER INSERT ON public.metrics REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION ops.feed_goals()
  CREATE TRIGGER series_fed_updated_from AFTER UPDATE ON public.metrics REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION ops.feed_goals()
  CREATE TRIGGER series_fed_updated_to AFTER UPDATE ON public.metrics REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION ops.feed_goals()

table public.reports
  id uuid not null default ops.uuid7()
  name text not null
  report_type report_type not null
  format report_format not null
  status report_status not null default 'pending'::report_status
  parameters jsonb not null default '{}'::jsonb
  file_path text
  file_size integer
  generated_at timestamp with time zone
  scheduled boolean not null default false
  schedule_config jsonb
  email_recipients text[] not null default '{}'::text[]
  created_by uuid not null
  error_code text
  error_message text
  period_start date
  period_end date
  data_version text
  content_sha256 text
  row_count integer
  template_id uuid
  deleted_at timestamp with time zone
  version integer not null default 1
  created_at timestamp with time zone not null default ops.now()
  updated_at timestamp with time zone not null default ops.now()
  constraint reports_check CHECK ((period_end >= period_start))
  constraint reports_check1 CHECK (((status <> 'completed'::report_status) OR ((generated_at IS NOT NULL) AND (content_sha256 IS NOT NULL))))
  constraint reports_check2 CHECK (((status <> 'failed'::report_status) OR (error_code IS NOT NULL)))
  constraint reports_content_sha256_check CHECK ((content_sha256 ~ '^[0-9a-f]{64}$'::text))
  constraint reports_file_size_check CHECK ((file_size >= 0))
  constraint reports_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 255)))
  constraint reports_pkey PRIMARY KEY (id)
  constraint reports_row_count_check CHECK ((row_count >= 0))
  constraint reports_template_id_fkey FOREIGN KEY (template_id) REFERENCES reports(id)
  CREATE INDEX reports_created_at ON public.reports USING btree (created_at)
  CREATE INDEX reports_created_by ON public.reports USING btree (created_by)
  CREATE INDEX reports_format ON public.reports USING btree (format)
  CREATE INDEX reports_generated_at ON public.reports USING btree (generated_at)
  CREATE UNIQUE INDEX reports_pkey ON public.reports USING btree (id)
  CREATE INDEX reports_report_type ON public.reports USING btree (report_type)
  CREATE INDEX reports_scheduled ON public.reports USING btree (scheduled)
  CREATE INDEX reports_status ON public.reports USING btree (status)
  CREATE INDEX reports_template_period ON public.reports USING btree (template_id, period_start)
  CREATE INDEX reports_type_status ON public.reports USING btree (report_type, status)

table public.scheduled_jobs
  id uuid not null default ops.uuid7()
  name text not null
  job_type job_type not null
  schedule text not null
  is_active boolean not null default true
  last_run_at timestamp with time zone
  next_run_at timestamp with time zone
  last_status job_status
  run_count integer not null default 0
  success_count integer not null default 0
  failure_count integer not null default 0
  config jsonb not null default '{}'::jsonb
  timezone text not null default 'UTC'::text
  misfire text not null default 'once'::text
  catch_up_limit_s integer
  overlap text not null default 'skip'::text
  jitter_s integer not null default 0
  max_attempts integer not null default 3
  backoff_s integer not null default 30
  timeout_s integer not null default 600
  pause_after_failures integer
  revision integer not null default 1
  cursor_at timestamp with time zone not null default ops.now()
  schedule_since timestamp with time zone not null default ops.now()
  created_by uuid
  deleted_at timestamp with time zone
  version integer not null default 1
  created_at timestamp with time zone not null default ops.now()
  updated_at timestamp with time zone not null default ops.now()
  failures_in_a_row integer not null default 0
  history_days integer not null default 90
  constraint scheduled_jobs_backoff_s_check CHECK (((backoff_s >= 1) AND (backoff_s <= 86400)))
  constraint scheduled_jobs_catch_up_limit_s_check CHECK ((catch_up_limit_s >= 0))
  constraint scheduled_jobs_check CHECK ((run_count = (success_count + failure_count)))
  constraint scheduled_jobs_failures_in_a_row_check CHECK ((failures_in_a_row >= 0))
  constraint scheduled_jobs_history_days_check CHECK (((history_days >= 1) AND (history_days <= 3650)))
  constraint scheduled_jobs_jitter_s_check CHECK (((jitter_s >= 0) AND (jitter_s <= 3600)))
  constraint scheduled_jobs_max_attempts_check CHECK (((max_attempts >= 1) AND (max_attempts <= 20)))
  constraint scheduled_jobs_misfire_check CHECK ((misfire = ANY (ARRAY['once'::text, 'skip'::text, 'all'::text])))
  constraint scheduled_jobs_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 255)))
  constraint scheduled_jobs_overlap_check CHECK ((overlap = ANY (ARRAY['skip'::text, 'queue'::text, 'allow'::text])))
  constraint scheduled_jobs_pause_after_failures_check CHECK ((pause_after_failures >= 1))
  constraint scheduled_jobs_pkey PRIMARY KEY (id)
  constraint scheduled_jobs_schedule_check CHECK (((char_length(schedule) >= 1) AND (char_length(schedule) <= 100)))
  constraint scheduled_jobs_timeout_s_check CHECK (((timeout_s >= 1) AND (timeout_s <= 86400)))
  CREATE INDEX scheduled_jobs_created_at ON public.scheduled_jobs USING btree (created_at)
  CREATE INDEX scheduled_jobs_due ON public.scheduled_jobs USING btree (next_run_at) WHERE is_active
  CREATE INDEX scheduled_jobs_is_active ON public.scheduled_jobs USING btree (is_active)
  CREATE INDEX scheduled_jobs_job_type ON public.scheduled_jobs USING btree (job_type)
  CREATE INDEX scheduled_jobs_last_run_at ON public.scheduled_jobs USING btree (last_run_at)
  CREATE INDEX scheduled_jobs_last_status ON public.scheduled_jobs USING btree (last_status)
  CREATE INDEX scheduled_jobs_name ON public.scheduled_jobs USING btree (name)
  CREATE UNIQUE INDEX scheduled_jobs_pkey ON public.scheduled_jobs USING btree (id)
  CREATE INDEX scheduled_jobs_type_active ON public.scheduled_jobs USING btree (job_type, is_active)
  CREATE TRIGGER scheduled_jobs_edited AFTER UPDATE OF revision ON public.scheduled_jobs FOR EACH ROW WHEN ((old.revision <> new.revision)) EXECUTE FUNCTION ops.wake('edit')
  CREATE TRIGGER scheduled_jobs_made AFTER INSERT ON public.scheduled_jobs FOR EACH STATEMENT EXECUTE FUNCTION ops.wake('edit')

function ops.definition_changed() returns trigger language plpgsql volatile parallel unsafe as 
begin
  lock table public.metrics in share row exclusive mode;
  delete from ops.gauge_series g
  where (g.service_name, g.metric_type, g.metric_name)
      in ((old.service_name, old.metric_type, old.metric_name), (new.service_name, new.metric_type, new.metric_name))
    and g.day >= (select ops.detail_floor());
  insert into ops.gauge_series select * from ops.recounted_gauges() g
  where (g.service_name, g.metric_type, g.metric_name)
      in ((old.service_name, old.metric_type, old.metric_name), (new.service_name, new.metric_type, new.metric_name));
  delete from ops.entity_days e
  where (e.service_name, e.metric_type, e.metric_name)
      in ((old.service_name, old.metric_type, old.metric_name), (new.service_name, new.metric_type, new.metric_name))
    and e.day >= (select ops.detail_floor());
  insert into ops.entity_days select * from ops.recounted_entities() e
  where (e.service_name, e.metric_type, e.metric_name)
      in ((old.service_name, old.metric_type, old.metric_name), (new.service_name, new.metric_type, new.metric_name));
  update ops.metric_rollups r set changed = nextval('ops.change')
  where (r.service_name, r.metric_type, r.metric_name)
      in ((old.service_name, old.metric_type, old.metric_name), (new.service_name, new.metric_type, new.metric_name));
  return null;
end

function ops.detail_floor() returns date language sql stable parallel safe as 
  select coalesce((select value::date from ops.settings where key = 'detail_floor'), '-infinity')

function ops.entity_of(dimensions jsonb, entity_key text) returns text language sql stable parallel safe as 
  select ops.key_text(nullif(dimensions ->> entity_key, ''))

function ops.feed_goals() returns trigger language plpgsql volatile parallel unsafe set jit=off, enable_seqscan=off as 
declare
  series jsonb;
begin
  if current_setting('ops.keep_rollups', true) = 'on' then return null; end if;
  if not exists ( -- the states as text, so that of all indexes the one of fed goals alone can answer
    select from public.goals
    where service_name is not null and metric_name is not null and status::text in ('active', 'failed') and deleted_at is null
  ) then return null; end if;
  for series in
    select jsonb_build_object('service_name', service_name, 'metric_type', metric_type, 'metric_name', metric_name)
    from (
      select service_name, metric_type, metric_name, min(date) as first, max(date) as last
      from changed group by service_name, metric_type, metric_name
    ) as c
    where exists (
      select from public.goals g
      where g.service_name = c.service_name and g.metric_name = c.metric_name and g.metric_type::text = c.metric_type::text
        and g.status in ('active', 'failed') and g.deleted_at is null
        and g.start_date - 369 <= c.last and g.end_date + 3 >= c.first
        and (g.dimensions is null or exists (
          select from changed x
          where x.service_name = c.service_name and x.metric_type = c.metric_type and x.metric_name = c.metric_name
            and x.dimensions @> g.dimensions)))
    order by 1 -- so that writers who queue the same runs wait for each other in one direction
  loop
    perform ops.queue_goal_feed(series);
  end loop;
  return null;
end

function ops.goal_feed_id(series jsonb, due timestamp with time zone) returns uuid language sql stable parallel safe as 
  select (substr(at, 1, 8) || '-' || substr(at, 9, 4) || '-7' || substr(name, 1, 3) || '-8' || substr(name, 4, 3) || '-'
    || substr(name, 7, 12))::uuid
  from (select lpad(to_hex((extract(epoch from due) * 1000)::bigint), 12, '0') as at, md5(series::text) as name) as parts

function ops.hour_floor() returns timestamp without time zone language sql stable parallel safe as 
  select (ops.detail_floor() + 2)::timestamp

function ops.job_runs_immutable() returns trigger language plpgsql volatile parallel unsafe as 
begin
  raise exception 'run % has ended and never changes', old.id using errcode = 'integrity_constraint_violation';
end

function ops.key_text(value text) returns text language sql stable parallel safe as 
  select case when octet_length(value) <= 512 then value else 'sha256:' || encode(sha256(convert_to(value, 'UTF8')), 'hex') end

function ops.lock_series(service_names text[], metric_types text[], metric_names text[]) returns void language plpgsql volatile parallel unsafe as 
begin
  perform pg_advisory_xact_lock(7001, k)
  from (
    select distinct hashtext(s || t || n) & 63 as k
    from unnest(service_names, metric_types, metric_names) as x (s, t, n)
    order by 1
  ) as locks;
end

function ops.now() returns timestamp with time zone language sql stable parallel safe as select statement_timestamp()

function ops.queue_goal_feed(series jsonb) returns void language plpgsql volatile parallel unsafe as 
declare
  due timestamptz := date_bin('1 minute', ops.now(), '2000-01-01 00:00+00') + interval '1 minute';
  run uuid;
begin
  loop
    run := ops.goal_feed_id(series, due);
    for attempt in 1 .. 2 loop -- the second time it is there, if somebody else has just queued it
      perform from ops.job_runs where id = run and state = 'queued' and cancel_at is null for share skip locked;
      if found then return; end if;
      insert into ops.job_runs (id, job_type, fire_key, config, exclusive, scheduled_for, run_at)
      values (run, 'goal_update', 'o:' || run, jsonb_build_object('series', series), false, due, due)
      on conflict (id) do nothing;
      if found then return; end if;
    end loop;
    due := due + interval '1 minute';
  end loop;
end

function ops.rebuild_rollups() returns void language plpgsql volatile parallel unsafe as 
begin
  lock table public.metrics in share row exclusive mode; -- no writer may be between its rows and its roll-ups
  delete from ops.metric_rollups
  where bucket >= case grain when 'd' then (select ops.detail_floor()::timestamp) else (select ops.hour_floor()) end;
  delete from ops.gauge_series where day >= (select ops.detail_floor());
  delete from ops.entity_days where day >= (select ops.detail_floor());
  insert into ops.metric_rollups
    (service_name, metric_type, metric_name, metric_unit, grain, bucket, n, sum, sumsq, min, max, last, last_at, last_id)
  select service_name, metric_type, metric_name, metric_unit, grain, bucket, n, sum, sumsq, min, max, last, last_at, last_id
  from ops.recounted_rollups();
  insert into ops.gauge_series select * from ops.recounted_gauges();
  insert into ops.entity_days select * from ops.recounted_entities();
end

function ops.recounted_entities() returns SETOF ops.entity_days language sql stable parallel unsafe as 
  select service_name, metric_type, metric_name, coalesce(m.metric_unit, ''), ops.entity_of(m.dimensions, d.entity_key), m.date,
    count(*), sum(m.metric_value::numeric)
  from public.metrics m join ops.metric_definitions d using (service_name, metric_type, metric_name)
  where d.entity_key is not null and ops.entity_of(m.dimensions, d.entity_key) is not null and m.date >= (select ops.detail_floor())
  group by 1, 2, 3, 4, 5, 6

function ops.recounted_gauges() returns SETOF ops.gauge_series language sql stable parallel unsafe as 
  select distinct on (1, 2, 3, 4, 5, 6) service_name, metric_type, metric_name, coalesce(m.metric_unit, ''),
    ops.series_of(m.dimensions, d.series_key), m.date, m.metric_value, m."timestamp", m.id
  from public.metrics m join ops.metric_definitions d using (service_name, metric_type, metric_name)
  where d.kind = 'gauge' and m.date >= (select ops.detail_floor())
  order by 1, 2, 3, 4, 5, 6, m."timestamp" desc, m.id desc

function ops.recounted_rollups() returns SETOF ops.metric_rollups language sql stable parallel unsafe as 
  select service_name, metric_type, metric_name, metric_unit, grain, bucket, n, sum, sumsq, min, max,
    (last[1]).value, (last[1]).at, (last[1]).id, 0::bigint
  from (
    select service_name, metric_type, metric_name, coalesce(metric_unit, '') as metric_unit, grain, bucket,
      count(*) as n, sum(v) as sum, sum(v * v) as sumsq, min(metric_value) as min, max(metric_value) as max,
      max(array[row("timestamp", id, metric_value)::ops.reading]) as last
    from public.metrics, lateral (
      values (metric_value::numeric, 'd'::"char", date::timestamp),
        (metric_value::numeric, 'h', date_trunc('hour', "timestamp" at time zone 'UTC'))
    ) as g (v, grain, bucket)
    where date >= (select ops.detail_floor()) and (grain = 'd' or bucket >= (select ops.hour_floor()))
    group by 1, 2, 3, 4, 5, 6
  ) as buckets

function ops.rollup_add() returns trigger language plpgsql volatile parallel unsafe set jit=off as 
declare
  gauges boolean;
  entities boolean;
begin
  if current_setting('ops.keep_rollups', true) = 'on' then return null; end if;
  if not exists (select from new_rows) then return null; end if; -- an upsert fires insert and update

  with hours as materialized (
    select service_name, metric_type, metric_name, metric_unit, date, hour, count(*) as n,
      coalesce(sum(cents), 0) * 0.01 + coalesce(sum(v::numeric) filter (where cents is null), 0) as sum,
      coalesce(sum(cents * cents), 0) * 0.0001 + coalesce(sum(v::numeric * v::numeric) filter (where cents is null), 0) as sumsq,
      min(v) as min, max(v) as max, max(array[row("timestamp", id, v)::ops.reading]) as last
    from (
      select service_name, metric_type, metric_name, metric_unit, date, "timestamp", id, metric_value as v,
        date_bin('1 hour', "timestamp", '0001-01-01 00:00+00') as hour,
        case when metric_value between -3e7 and 3e7 and round(metric_value * 100) / 100 = metric_value
          then round(metric_value * 100)::int8 end as cents
      from new_rows offset 0
    ) as rows
    group by service_name, metric_type, metric_name, metric_unit, date, hour
  ), put as (
    insert into ops.metric_rollups as r
      (service_name, metric_type, metric_name, metric_unit, grain, bucket, n, sum, sumsq, min, max, last, last_at, last_id)
    select service_name, metric_type, metric_name, metric_unit, grain, bucket, n, sum, sumsq, min, max,
      (last[1]).value, (last[1]).at, (last[1]).id
    from (
      select service_name, metric_type, metric_name, coalesce(metric_unit, '') as metric_unit, grain, bucket,
        sum(n) as n, sum(sum) as sum, sum(sumsq) as sumsq, min(min) as min, max(max) as max, max(last) as last
      from hours, lateral (values ('d'::"char", date::timestamp), ('h', hour at time zone 'UTC')) as g (grain, bucket)
      group by 1, 2, 3, 4, 5, 6
    ) as buckets
    order by 1, 2, 3, 4, 5, 6
    on conflict (service_name, metric_type, metric_name, metric_unit, grain, bucket) do update set
      n = r.n + excluded.n,
      sum = r.sum + excluded.sum,
      sumsq = r.sumsq + excluded.sumsq,
      min = least(r.min, excluded.min),
      max = greatest(r.max, excluded.max),
      last = case when (excluded.last_at, excluded.last_id) > (r.last_at, r.last_id) then excluded.last else r.last end,
      last_at = greatest(r.last_at, excluded.last_at),
      last_id = case when (excluded.last_at, excluded.last_id) > (r.last_at, r.last_id) then excluded.last_id else r.last_id end,
      changed = nextval('ops.change')
  )
  select bool_or(d.kind = 'gauge'), bool_or(d.entity_key is not null) into gauges, entities
  from (select distinct service_name, metric_type, metric_name from hours) as names
  join ops.metric_definitions d using (service_name, metric_type, metric_name);

  if gauges then
    insert into ops.gauge_series as g
    select distinct on (1, 2, 3, 4, 5, 6) service_name, metric_type, metric_name, coalesce(n.metric_unit, ''),
      ops.series_of(n.dimensions, d.series_key), n.date, n.metric_value, n."timestamp", n.id
    from new_rows n join ops.metric_definitions d using (service_name, metric_type, metric_name)
    where d.kind = 'gauge'
    order by 1, 2, 3, 4, 5, 6, n."timestamp" desc, n.id desc
    on conflict (service_name, metric_type, metric_name, metric_unit, series, day) do update
      set last = excluded.last, last_at = excluded.last_at, last_id = excluded.last_id
      where (excluded.last_at, excluded.last_id) > (g.last_at, g.last_id);
  end if;

  if entities then
    insert into ops.entity_days as e
    select service_name, metric_type, metric_name, unit, entity_id, day, count(*), sum(value)
    from (
      select service_name, metric_type, metric_name, coalesce(n.metric_unit, '') as unit,
        ops.entity_of(n.dimensions, d.entity_key) as entity_id, n.date as day, n.metric_value::numeric as value
      from new_rows n join ops.metric_definitions d using (service_name, metric_type, metric_name)
      where d.entity_key is not null
    ) as rows
    where entity_id is not null
    group by 1, 2, 3, 4, 5, 6
    order by 1, 2, 3, 4, 5, 6
    on conflict (service_name, metric_type, metric_name, metric_unit, entity_id, day) do update
      set n = e.n + excluded.n, sum = e.sum + excluded.sum;
  end if;
  return null;
end

function ops.rollup_differences() returns TABLE(rollup text, stored jsonb, recounted jsonb) language sql stable parallel unsafe set jit=off as 
  select 'metric_rollups', to_jsonb(s), to_jsonb(c)
  from (
    select * from ops.metric_rollups
    where bucket >= case grain when 'd' then (select ops.detail_floor()::timestamp) else (select ops.hour_floor()) end
  ) as s
  full join ops.recounted_rollups() c using (service_name, metric_type, metric_name, metric_unit, grain, bucket)
  where (s.n, s.sum, s.sumsq, s.min, s.max, s.last, s.last_at, s.last_id)
    is distinct from (c.n, c.sum, c.sumsq, c.min, c.max, c.last, c.last_at, c.last_id)
  union all
  select 'gauge_series', to_jsonb(s), to_jsonb(c)
  from (select * from ops.gauge_series where day >= (select ops.detail_floor())) as s
  full join ops.recounted_gauges() c using (service_name, metric_type, metric_name, metric_unit, series, day)
  where (s.last, s.last_at, s.last_id) is distinct from (c.last, c.last_at, c.last_id)
  union all
  select 'entity_days', to_jsonb(s), to_jsonb(c)
  from (select * from ops.entity_days where day >= (select ops.detail_floor())) as s
  full join ops.recounted_entities() c using (service_name, metric_type, metric_name, metric_unit, entity_id, day)
  where (s.n, s.sum) is distinct from (c.n, c.sum)

function ops.rollup_remove() returns trigger language plpgsql volatile parallel unsafe set jit=off, enable_seqscan=off as 
declare
  gauges boolean;
  entities boolean;
  touched ops.metric_rollups[];
  emptied ops.metric_rollups[];
  lost ops.gauge_series[];
  gone ops.entity_days[];
begin
  if current_setting('ops.keep_rollups', true) = 'on' then return null; end if;
  if not exists (select from old_rows) then return null; end if;

  with removed as materialized (
    select service_name, metric_type, metric_name, coalesce(metric_unit, '') as metric_unit, grain, bucket,
      count(*) as n, sum(v) as sum, sum(v * v) as sumsq, min(metric_value) as min, max(metric_value) as max,
      max("timestamp") as last_at, (array_agg(id))[1] as some_id
    from (select *, metric_value::numeric as v from old_rows offset 0) as rows,
      lateral (values ('d'::"char", date::timestamp), ('h', date_trunc('hour', "timestamp" at time zone 'UTC'))) as g (grain, bucket)
    group by 1, 2, 3, 4, 5, 6
  ), put as (
    insert into ops.metric_rollups as r
      (service_name, metric_type, metric_name, metric_unit, grain, bucket, n, sum, sumsq, min, max, last, last_at, last_id)
    select service_name, metric_type, metric_name, metric_unit, grain, bucket, -n, -sum, -sumsq, min, max, min, last_at, some_id
    from removed
    order by 1, 2, 3, 4, 5, 6
    on conflict (service_name, metric_type, metric_name, metric_unit, grain, bucket) do update set
      n = r.n + excluded.n, sum = r.sum + excluded.sum, sumsq = r.sumsq + excluded.sumsq, changed = nextval('ops.change')
    returning r.*
  )
  select array_agg(put::ops.metric_rollups) filter (where put.n <= 0),
    array_agg(put::ops.metric_rollups) filter (
      where put.n > 0 and (o.min <= put.min or o.max >= put.max or o.last_at >= put.last_at)
    )
  into emptied, touched
  from put join removed o using (service_name, metric_type, metric_name, metric_unit, grain, bucket);

  -- The buckets are locked by now, so this later statement sees every row that they count.
  if touched is not null then
    update ops.metric_rollups r
    set min = c.min, max = c.max, last = (c.last[1]).value, last_at = (c.last[1]).at, last_id = (c.last[1]).id
    from unnest(touched) as t cross join lateral (
      select count(*) as n, min(m.metric_value) as min, max(m.metric_value) as max,
        max(array[row(m."timestamp", m.id, m.metric_value)::ops.reading]) as last
      from public.metrics m
      where m.service_name = t.service_name and m.metric_type = t.metric_type
        and m.metric_name = t.metric_name and coalesce(m.metric_unit, '') = t.metric_unit
        and m."timestamp" >= (t.bucket - case t.grain when 'd' then interval '2 days' else '0' end) at time zone 'UTC'
        and m."timestamp" < (t.bucket + case t.grain when 'd' then interval '3 days' else '1 hour' end) at time zone 'UTC'
        and (t.grain = 'h' or m.date = t.bucket::date)
    ) as c
    where (r.service_name, r.metric_type, r.metric_name, r.metric_unit, r.grain, r.bucket)
        = (t.service_name, t.metric_type, t.metric_name, t.metric_unit, t.grain, t.bucket)
      and c.n >= r.n; -- else retention took rows of this hour, and nobody knows better
  end if;
  if emptied is not null then
    delete from ops.metric_rollups r using unnest(emptied) as t
    where (r.service_name, r.metric_type, r.metric_name, r.metric_unit, r.grain, r.bucket)
        = (t.service_name, t.metric_type, t.metric_name, t.metric_unit, t.grain, t.bucket);
  end if;

  select bool_or(d.kind = 'gauge'), bool_or(d.entity_key is not null) into gauges, entities
  from (select distinct service_name, metric_type, metric_name from old_rows) as names
  join ops.metric_definitions d using (service_name, metric_type, metric_name);

  if gauges then
    select array_agg(g::ops.gauge_series) into lost
    from (
      select g.*
      from ops.gauge_series g join (
        select distinct on (1, 2, 3, 4, 5, 6) service_name, metric_type, metric_name, coalesce(o.metric_unit, '') as metric_unit,
          ops.series_of(o.dimensions, d.series_key) as series, o.date as day, o."timestamp" as last_at, o.id as last_id
        from old_rows o join ops.metric_definitions d using (service_name, metric_type, metric_name)
        where d.kind = 'gauge'
        order by 1, 2, 3, 4, 5, 6, o."timestamp" desc, o.id desc
      ) as o using (service_name, metric_type, metric_name, metric_unit, series, day)
      where (o.last_at, o.last_id) >= (g.last_at, g.last_id)
      order by g.service_name, g.metric_type, g.metric_name, g.metric_unit, g.series, g.day
      for update of g
    ) as g;
    delete from ops.gauge_series g using unnest(lost) as t
    where (g.service_name, g.metric_type, g.metric_name, g.metric_unit, g.series, g.day)
        = (t.service_name, t.metric_type, t.metric_name, t.metric_unit, t.series, t.day);
    insert into ops.gauge_series as g
    select t.service_name, t.metric_type, t.metric_name, t.metric_unit, t.series, t.day, c.*
    from unnest(lost) as t
    join ops.metric_definitions d using (service_name, metric_type, metric_name)
    cross join lateral (
      select m.metric_value, m."timestamp", m.id
      from public.metrics m
      where m.service_name = t.service_name and m.metric_type = t.metric_type
        and m.metric_name = t.metric_name and coalesce(m.metric_unit, '') = t.metric_unit
        and m."timestamp" >= (t.day - 2)::timestamp at time zone 'UTC'
        and m."timestamp" < (t.day + 3)::timestamp at time zone 'UTC'
        and m.date = t.day and ops.series_of(m.dimensions, d.series_key) = t.series
      order by m."timestamp" desc, m.id desc
      limit 1
    ) as c
    order by 1, 2, 3, 4, 5, 6
    on conflict (service_name, metric_type, metric_name, metric_unit, series, day) do update
      set last = excluded.last, last_at = excluded.last_at, last_id = excluded.last_id
      where (excluded.last_at, excluded.last_id) > (g.last_at, g.last_id);
  end if;

  if entities then
    with put as (
      insert into ops.entity_days as e
      select service_name, metric_type, metric_name, unit, entity_id, day, -count(*), -sum(value)
      from (
        select service_name, metric_type, metric_name, coalesce(o.metric_unit, '') as unit,
          ops.entity_of(o.dimensions, d.entity_key) as entity_id, o.date as day, o.metric_value::numeric as value
        from old_rows o join ops.metric_definitions d using (service_name, metric_type, metric_name)
        where d.entity_key is not null
      ) as rows
      where entity_id is not null
      group by 1, 2, 3, 4, 5, 6
      order by 1, 2, 3, 4, 5, 6
      on conflict (service_name, metric_type, metric_name, metric_unit, entity_id, day) do update
        set n = e.n + excluded.n, sum = e.sum + excluded.sum
      returning e.*
    )
    select array_agg(put::ops.entity_days) into gone from put where put.n <= 0;
    delete from ops.entity_days e using unnest(gone) as t
    where (e.service_name, e.metric_type, e.metric_name, e.metric_unit, e.entity_id, e.day)
        = (t.service_name, t.metric_type, t.metric_name, t.metric_unit, t.entity_id, t.day);
  end if;
  return null;
end

function ops.rollup_truncate() returns trigger language plpgsql volatile parallel unsafe as 
begin
  if current_setting('ops.keep_rollups', true) = 'on' then return null; end if;
  if ops.detail_floor() > '-infinity' then
    raise exception 'metrics cannot be truncated: roll-ups before % have no rows left, so delete instead', ops.detail_floor()
      using errcode = 'object_not_in_prerequisite_state';
  end if;
  truncate ops.metric_rollups, ops.gauge_series, ops.entity_days;
  return null;
end

function ops.series_of(dimensions jsonb, series_key text[]) returns text language plpgsql stable parallel safe as 
declare
  series jsonb := '[]';
  k text;
begin
  foreach k in array series_key loop -- a ninth of the cost of jsonb_agg over unnest
    series := series || jsonb_build_array(dimensions -> k);
  end loop;
  return ops.key_text(series::text);
end

function ops.uuid7() returns uuid language sql volatile parallel safe as 
  select encode(
    set_bit(set_bit(
      overlay(uuid_send(gen_random_uuid())
        placing substring(int8send(floor(extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
      52, 1), 53, 1), 'hex')::uuid

function ops.wake() returns trigger language plpgsql volatile parallel unsafe as 
begin
  perform pg_notify('ledger', tg_argv[0]);
  return null;
end

function ops.wake_for_queued() returns trigger language plpgsql volatile parallel unsafe as 
begin
  if exists (select from new_rows where state = 'queued') then perform pg_notify('ledger', 'run'); end if;
  return null;
end
