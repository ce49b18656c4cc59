create table ops.api_keys (
  id text primary key check (id ~ '^[0-9A-Za-z]{12}$'), -- the public half, as in ak_<id>_<secret><crc>
  name text not null check (char_length(name) between 1 and 255),
  secret_sha256 bytea not null,
  caller_id uuid not null, -- who writes with this key, as created_by
  scopes text[] not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  created_at timestamptz not null default ops.now()
);

create table ops.idempotency_keys (
  caller text not null,
  key text not null,
  request_sha256 bytea not null, -- of method, path and body
  status int not null,
  resource text, -- when the answer was finished after its commit: what to render on a replay
  location text,
  body text,
  created_at timestamptz not null default ops.now(),
  primary key (caller, key)
);
create index idempotency_keys_created_at on ops.idempotency_keys using brin (created_at);
