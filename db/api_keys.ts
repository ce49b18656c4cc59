import type { Db } from "./client.ts";
import { textArray } from "./executor.ts";

/** A key without its secret, as it is listed. */
export type ApiKeyRow = {
  id: string;
  name: string;
  caller_id: string;
  scopes: string[];
  expires_at: string | null;
  revoked_at: string | null;
  last_used_at: string | null;
  created_at: string;
};

/** What tells whether a presented key is good, at the moment it was read. */
export type StoredKey = {
  id: string;
  secret_sha256: Uint8Array;
  caller_id: string;
  scopes: string[];
  expired: boolean;
  revoked: boolean;
};

export type NewApiKey = Pick<ApiKeyRow, "id" | "name" | "caller_id" | "scopes" | "expires_at"> & {
  secret_sha256: Uint8Array;
};

const COLUMNS = "id, name, caller_id, to_jsonb(scopes) as scopes, expires_at, revoked_at, last_used_at, created_at";

/** Stores a key; undefined, and nothing stored, when it would be expired already. */
export async function insertApiKey(db: Db, key: NewApiKey): Promise<ApiKeyRow | undefined> {
  const [row] = await db.query<ApiKeyRow>(
    `insert into ops.api_keys (id, name, secret_sha256, caller_id, scopes, expires_at)
     select $1::text, $2::text, $3::bytea, $4::uuid, $5::text::text[], $6::timestamptz
     where $6::timestamptz is null or $6::timestamptz > ops.now()
     returning ${COLUMNS}`,
    [key.id, key.name, key.secret_sha256, key.caller_id, textArray(key.scopes), key.expires_at],
  );
  return row;
}

/** One key as it is listed. */
export async function findApiKey(db: Db, id: string): Promise<ApiKeyRow | undefined> {
  const [row] = await db.query<ApiKeyRow>(`select ${COLUMNS} from ops.api_keys where id = $1`, [id]);
  return row;
}

/**
 * Keys, newest first, revoked and expired ones among them.
 * @param place how many, from where on: `after` is the `created_at` and the id of the key before
 */
export async function listApiKeys(
  db: Db,
  { limit, skip, after }: { limit: number; skip: number; after: readonly [at: string, id: string] | null },
): Promise<ApiKeyRow[]> {
  return await db.query<ApiKeyRow>(
    `select ${COLUMNS} from ops.api_keys
     where $1::timestamptz is null or (created_at, id) < ($1::timestamptz, $2::text)
     order by created_at desc, id desc limit $3 offset $4`,
    [after?.[0] ?? null, after?.[1] ?? null, limit, skip],
  );
}

/** How many keys there are. */
export async function countApiKeys(db: Db): Promise<number> {
  const [row] = await db.query<{ n: number }>("select count(*)::int as n from ops.api_keys");
  return row?.n ?? 0;
}

/** What authentication needs of a key, by its public id. */
export async function findStoredKey(db: Db, id: string): Promise<StoredKey | undefined> {
  const [row] = await db.query<StoredKey>(
    `select id, secret_sha256, caller_id, to_jsonb(scopes) as scopes,
       coalesce(expires_at <= ops.now(), false) as expired, revoked_at is not null as revoked
     from ops.api_keys where id = $1`,
    [id],
  );
  return row;
}

/** Revokes a key from now on; false when there is none. Revoking again changes nothing. */
export async function revokeApiKey(db: Db, id: string): Promise<boolean> {
  const rows = await db.query(
    "update ops.api_keys set revoked_at = coalesce(revoked_at, ops.now()) where id = $1 returning id",
    [id],
  );
  return rows.length > 0;
}

/** Notes that a key was used, unless that was noted within the last minute, by this instance or another. */
export async function touchApiKey(db: Db, id: string): Promise<void> {
  await db.query(
    `update ops.api_keys set last_used_at = ops.now()
     where id = $1 and (last_used_at is null or last_used_at <= ops.now() - interval '1 minute')`,
    [id],
  );
}
