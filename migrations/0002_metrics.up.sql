create table metrics (
  id uuid primary key default ops.uuid7(),
  service_name service_name not null,
  metric_type metric_type not null,
  metric_name text not null check (char_length(metric_name) between 1 and 255),
  metric_value float8 not null check (metric_value between -1e15 and 1e15), -- NaN sorts above every number, so it fails too
  metric_unit text check (char_length(metric_unit) between 1 and 50),
  dimensions jsonb not null default '{}' check (jsonb_typeof(dimensions) = 'object'),
  "timestamp" timestamptz not null default ops.now(),
  date date not null, -- the local day in the organisation's zone, unless the sender named another
  external_id text check (char_length(external_id) between 1 and 255),
  metadata jsonb not null default '{}' check (jsonb_typeof(metadata) = 'object'),
  version int not null default 1,
  created_at timestamptz not null default ops.now(),
  updated_at timestamptz not null default ops.now(),
  constraint metrics_date_near_timestamp check (date - ("timestamp" at time zone 'UTC')::date between -2 and 2)
);
create unique index metrics_service_external on metrics (service_name, external_id) where external_id is not null;
create index metrics_service_type_time on metrics (service_name, metric_type, "timestamp", id);
create index metrics_type_time on metrics (metric_type, "timestamp");
create index metrics_timestamp on metrics using brin ("timestamp");
create index metrics_date on metrics using brin (date);
create index metrics_created_at on metrics using brin (created_at);
create index metrics_updated_at on metrics using brin (updated_at);
create index metrics_dimensions on metrics using gin (dimensions jsonb_path_ops);

-- What a metric name means. flow sums over time; gauge is a level per series; sample is a distribution.
create table ops.metric_definitions (
  service_name service_name not null,
  metric_type metric_type not null,
  metric_name text not null check (char_length(metric_name) between 1 and 255),
  kind text not null check (kind in ('flow', 'gauge', 'sample')),
  unit text, -- null: whatever the rows carry, such as an ISO currency
  good_direction text not null default 'up' check (good_direction in ('up', 'down', 'none')),
  is_primary boolean not null default false,
  series_key text[] not null default '{}' check (kind = 'gauge' or series_key = '{}'), -- the dimensions that tell one series of a gauge from another
  entity_key text, -- the dimension that names a person or project
  description text not null default '',
  version int not null default 1,
  created_at timestamptz not null default ops.now(),
  updated_at timestamptz not null default ops.now(),
  primary key (service_name, metric_type, metric_name)
);
create unique index metric_definitions_primary on ops.metric_definitions (service_name, metric_type) where is_primary;

insert into ops.metric_definitions (service_name, metric_type, metric_name, kind, unit, good_direction, is_primary, series_key, entity_key, description) values
  ('partners_crm', 'donation', 'donation_received', 'flow', null, 'up', true, '{}', 'partner_id', 'Gifts received'),
  ('partners_crm', 'donation', 'donation_refunded', 'flow', null, 'down', false, '{}', 'partner_id', 'Gifts paid back'),
  ('partners_crm', 'partner', 'partner_registered', 'flow', 'count', 'up', true, '{}', 'partner_id', 'Partners who registered'),
  ('partners_crm', 'partner', 'partner_lapsed', 'flow', 'count', 'down', false, '{}', 'partner_id', 'Partners who lapsed'),
  ('partners_crm', 'partner', 'partner_active', 'gauge', 'count', 'up', false, '{partner_type,country}', null, 'Active partners'),
  ('partners_crm', 'engagement', 'partner_interaction', 'flow', 'count', 'up', true, '{}', 'partner_id', 'Calls, visits, mails and events with a partner'),
  ('projects', 'project', 'project_started', 'flow', 'count', 'up', true, '{}', 'project_id', 'Projects started'),
  ('projects', 'project', 'project_completed', 'flow', 'count', 'up', false, '{}', 'project_id', 'Projects completed'),
  ('projects', 'project', 'project_status', 'gauge', 'count', 'none', false, '{project_id}', null, 'Projects, by their present status'),
  ('projects', 'project', 'budget_planned', 'gauge', null, 'none', false, '{project_id}', null, 'Planned budget'),
  ('projects', 'project', 'planned_value', 'gauge', null, 'none', false, '{project_id}', null, 'Budgeted cost of the work scheduled'),
  ('projects', 'project', 'earned_value', 'gauge', null, 'up', false, '{project_id}', null, 'Budgeted cost of the work done'),
  ('projects', 'project', 'cost_actual', 'flow', null, 'down', false, '{}', 'project_id', 'Money spent'),
  ('projects', 'beneficiary', 'beneficiaries_reached', 'flow', 'count', 'up', true, '{}', 'project_id', 'People reached'),
  ('social_media', 'social_post', 'post_published', 'flow', 'count', 'up', true, '{}', null, 'Posts published'),
  ('social_media', 'social_post', 'post_reach', 'flow', 'count', 'up', false, '{}', null, 'People a post reached'),
  ('social_media', 'social_post', 'post_impressions', 'flow', 'count', 'up', false, '{}', null, 'Times a post was shown'),
  ('social_media', 'engagement', 'post_likes', 'flow', 'count', 'up', true, '{}', null, 'Likes'),
  ('social_media', 'engagement', 'post_comments', 'flow', 'count', 'up', false, '{}', null, 'Comments'),
  ('social_media', 'engagement', 'post_shares', 'flow', 'count', 'up', false, '{}', null, 'Shares'),
  ('social_media', 'engagement', 'post_clicks', 'flow', 'count', 'up', false, '{}', null, 'Clicks on a post'),
  ('social_media', 'engagement', 'post_saves', 'flow', 'count', 'up', false, '{}', null, 'Posts saved'),
  ('social_media', 'engagement', 'followers', 'gauge', 'count', 'up', false, '{platform}', null, 'Followers'),
  ('notification', 'notification', 'notification_sent', 'flow', 'count', 'none', true, '{}', null, 'Notifications sent'),
  ('notification', 'notification', 'notification_delivered', 'flow', 'count', 'up', false, '{}', null, 'Notifications delivered'),
  ('notification', 'notification', 'notification_bounced_hard', 'flow', 'count', 'down', false, '{}', null, 'Permanent bounces'),
  ('notification', 'notification', 'notification_bounced_soft', 'flow', 'count', 'down', false, '{}', null, 'Temporary bounces'),
  ('notification', 'notification', 'notification_opened', 'flow', 'count', 'up', false, '{}', null, 'Unique opens'),
  ('notification', 'notification', 'notification_clicked', 'flow', 'count', 'up', false, '{}', null, 'Unique clicks'),
  ('notification', 'notification', 'notification_unsubscribed', 'flow', 'count', 'down', false, '{}', null, 'Unsubscribes'),
  ('notification', 'notification', 'notification_complained', 'flow', 'count', 'down', false, '{}', null, 'Complaints'),
  ('notification', 'notification', 'notification_failed', 'flow', 'count', 'down', false, '{}', null, 'Failed sends'),
  ('notification', 'notification', 'delivery_latency_ms', 'sample', 'ms', 'down', false, '{}', null, 'From send to delivery');
