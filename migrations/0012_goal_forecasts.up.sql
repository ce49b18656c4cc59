-- What the last update found out about how each goal will end; GET /goals/forecast/all reads it and computes nothing.
create table ops.goal_forecasts (
  goal_id uuid primary key references goals (id),
  inputs text not null, -- a digest of all that it was computed from
  data_version text not null, -- the state of the goal's readings among that
  as_of date not null, -- the goal's local day
  answer jsonb not null,
  computed_at timestamptz not null default ops.now()
);
