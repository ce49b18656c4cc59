import type { Db } from "./client.ts";

/** A stored answer: its body, or the resource to render where the answer was finished after its commit. */
export type StoredAnswer = {
  request: string;
  status: number;
  resource: string | null;
  location: string | null;
  body: string | null;
};

/** Takes the key for the running transaction; false where another one holds it. */
export async function claimKey(tx: Db, caller: string, key: string): Promise<boolean> {
  const [row] = await tx.query<{ taken: boolean }>(
    `select pg_try_advisory_xact_lock(7002, hashtext($1::text || ' ' || $2::text)) as taken`,
    [caller, key],
  );
  return row?.taken === true;
}

/** The answer that was given for a key in the last 24 hours. */
export async function findKey(tx: Db, caller: string, key: string): Promise<StoredAnswer | null> {
  const [row] = await tx.query<StoredAnswer>(
    `select encode(request_sha256, 'hex') as request, status, resource, location, body from ops.idempotency_keys
     where caller = $1 and key = $2 and created_at > ops.now() - interval '24 hours'`,
    [caller, key],
  );
  return row ?? null;
}

/** Keeps the answer for a key, in the transaction of the effect. */
export async function storeAnswer(tx: Db, caller: string, key: string, answer: StoredAnswer): Promise<void> {
  await tx.query(
    `insert into ops.idempotency_keys as k (caller, key, request_sha256, status, resource, location, body, created_at)
     values ($1, $2, decode($3::text, 'hex'), $4, $5, $6, $7, ops.now())
     on conflict (caller, key) do update set request_sha256 = excluded.request_sha256, status = excluded.status,
       resource = excluded.resource, location = excluded.location, body = excluded.body, created_at = excluded.created_at`,
    [caller, key, answer.request, answer.status, answer.resource, answer.location, answer.body],
  );
}

/** Removes at most `limit` answers older than 24 hours, and says how many; whoever adds one sweeps a few away. */
export async function purgeKeys(tx: Db, limit = 50): Promise<number> {
  const rows = await tx.query(
    `delete from ops.idempotency_keys where (caller, key) in (
       select caller, key from ops.idempotency_keys where created_at < ops.now() - interval '24 hours'
       limit $1::int for update skip locked) returning 1`,
    [limit],
  );
  return rows.length;
}
