import {
  type ApiKeyRow,
  countApiKeys,
  findApiKey,
  insertApiKey,
  listApiKeys,
  revokeApiKey,
} from "../../db/api_keys.ts";
import { author, type Caller, may } from "../access.ts";
import type { Needs } from "../context.ts";
import { DomainError, invalid } from "../errors.ts";
import { knownTotal, type Page, pageOf, placeOf } from "../paging.ts";
import { secretHash } from "./authenticator.ts";
import { formatKey, makeKey } from "./format.ts";
import { type ApiKeyCreate, type ApiKeyCreated, type ApiKeyQuery, type ApiKeyResponse, KeyOrder } from "./schema.ts";
import { scopesAmong } from "./scopes.ts";

export { type Authenticate, createAuthenticator } from "./authenticator.ts";

/**
 * Makes a key and answers with it, this once: only a hash of its secret is stored. A crash after the commit leaves a
 * key that nobody knows; it is listed, never used, and can be revoked.
 * @throws {DomainError} `forbidden` without the scope `admin`, for a scope that the caller lacks, or for another person
 *   without `act_as`; `invalid` when it would be expired already
 */
export async function createKey(
  ctx: Needs<"db" | "ids">,
  caller: Caller,
  { name, caller_id, scopes, expires_at }: ApiKeyCreate,
): Promise<ApiKeyCreated & { key: string }> {
  administers(caller);
  const lacking = scopes.filter((scope) => !may(caller, scope));
  if (lacking.length > 0) throw forbidden(`A key cannot be given what you lack: ${lacking.join(", ")}`);
  const parts = makeKey(ctx.ids.bytes);
  const row = await insertApiKey(ctx.db, {
    id: parts.id,
    name,
    secret_sha256: secretHash(parts.secret),
    caller_id: holder(caller, caller_id),
    scopes: [...new Set(scopes)],
    expires_at,
  });
  if (row === undefined) throw invalid("/expires_at", "must lie in the future");
  return { ...shown(row), key: formatKey(parts) };
}

/**
 * One key, without its secret.
 * @throws {DomainError} `forbidden` without the scope `admin`, `not_found`
 */
export async function getKey(ctx: Needs<"db">, caller: Caller, id: string): Promise<ApiKeyResponse> {
  administers(caller);
  const row = await findApiKey(ctx.db, id);
  if (row === undefined) throw unknownKey();
  return shown(row);
}

/**
 * Keys, newest first, revoked and expired ones among them.
 * @throws {DomainError} `forbidden` without the scope `admin`, `invalid` for a cursor of another list
 */
export async function listKeys(ctx: Needs<"db">, caller: Caller, asked: ApiKeyQuery): Promise<Page<ApiKeyResponse>> {
  administers(caller);
  const place = placeOf(asked, KeyOrder);
  const rows = await listApiKeys(ctx.db, { ...place, limit: place.limit + 1 });
  const total = knownTotal(rows.length, place) ?? { total: await countApiKeys(ctx.db) };
  return pageOf(rows.map(shown), place, total, ({ created_at, id }) => [created_at, id]);
}

/**
 * Ends a key for good; within a second every instance refuses it. It stays in the list. Revoking again changes nothing.
 * @throws {DomainError} `forbidden` without the scope `admin`, `not_found`
 */
export async function revokeKey(ctx: Needs<"db">, caller: Caller, id: string): Promise<void> {
  administers(caller);
  if (!await revokeApiKey(ctx.db, id)) throw unknownKey();
}

function administers(caller: Caller): void {
  if (caller.kind === "anonymous") throw new DomainError("unauthenticated", "API keys need a token");
  if (!may(caller, "admin")) throw forbidden("API keys need the scope admin");
}

/** Without `act_as` a key is only ever its maker's own, or `admin` would be a way around that scope. */
function holder(caller: Caller, named: string | undefined): string {
  const own = author(caller, undefined);
  if (named === undefined || named.toLowerCase() === own) return own;
  if (!may(caller, "act_as")) throw forbidden("caller_id names somebody else; that needs the scope act_as");
  return named;
}

/** A scope that only a later version knows is left out. */
function shown(row: ApiKeyRow): ApiKeyResponse {
  return { ...row, scopes: [...scopesAmong(row.scopes)] };
}

const forbidden = (message: string) => new DomainError("forbidden", message);
const unknownKey = () => new DomainError("not_found", "There is no such API key");
