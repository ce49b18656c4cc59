import { createHash, timingSafeEqual } from "node:crypto";
import { findStoredKey, type StoredKey, touchApiKey } from "../../db/api_keys.ts";
import type { Caller } from "../access.ts";
import type { Needs } from "../context.ts";
import { DomainError } from "../errors.ts";
import type { Tokens } from "../ports/tokens.ts";
import { type HeldKey, KeyCache } from "./cache.ts";
import { parseKey } from "./format.ts";
import { scopesAmong } from "./scopes.ts";

/** Tells who asks, from the `Authorization` header of a request, or null where it has none. */
export type Authenticate = (authorization: string | null) => Caller | Promise<Caller>;

const LOCAL: Caller = { kind: "local" };
const ANONYMOUS: Caller = { kind: "anonymous" };
const TOUCH_EVERY_MS = 60_000;
const MAX_TOKEN_LENGTH = 8_192;
const ID_AT = "Bearer ak_".length;
const ID_LENGTH = 12;

/**
 * Tells who asks. In open mode that is everybody on this machine, and a presented token is ignored.
 * In token mode a request without a header is anonymous; a token that is not good is never taken for anonymous.
 * A key is believed for less than a second after it was read, so a revocation or an expiry takes that long everywhere.
 * @param tokens what verifies JWTs, or null where none are accepted
 * @throws {DomainError} from the returned function: `unauthenticated` for a header that is not good, `unavailable` when
 *   the keys to verify a JWT are away; and what the database throws when a look-up fails
 */
export function createAuthenticator(
  ctx: Needs<"db" | "clock" | "config" | "log">,
  tokens: Tokens | null,
): Authenticate {
  if (ctx.config.AUTH_MODE === "open") return () => LOCAL;
  const keys = new KeyCache((id) => findStoredKey(ctx.db, id));

  const authenticateKey = async (token: string, authorization: string): Promise<Caller> => {
    const parts = parseKey(token);
    if (parts === null) throw unauthenticated("The token is malformed; check that it was copied whole");
    const now = ctx.clock.monotonic();
    const held = keys.at(parts.id, now);
    const caller = admit(await held.row, parts.secret);
    held.proven = { authorization, caller };
    touch(parts.id, held, now);
    return caller;
  };

  /** Who sent this very header within the last second, without a look at what is in it. */
  const remembered = (authorization: string): Caller | null => {
    const id = authorization.slice(ID_AT, ID_AT + ID_LENGTH);
    const now = ctx.clock.monotonic();
    const held = keys.held(id, now);
    if (held === undefined || held.proven === null || !sameText(held.proven.authorization, authorization)) return null;
    touch(id, held, now);
    return held.proven.caller;
  };

  /** Notes the use of a key, without keeping its request waiting and without failing it. */
  const touch = (id: string, held: HeldKey, now: number): void => {
    if (now - held.touchedAt < TOUCH_EVERY_MS) return;
    held.touchedAt = now;
    touchApiKey(ctx.db, id).catch((cause) => ctx.log.warn("the use of an API key was not noted", { key: id, cause }));
  };

  const learn = async (authorization: string): Promise<Caller> => {
    const token = bearerToken(authorization);
    if (token === null) throw unauthenticated("The Authorization header must be: Bearer, a space, and the token");
    if (!isSignedToken(token)) return await authenticateKey(token, authorization);
    if (tokens === null) throw unauthenticated("Signed tokens (JWT) are not accepted here; use an API key");
    return await tokens.verify(token);
  };

  return (authorization) => authorization === null ? ANONYMOUS : remembered(authorization) ?? learn(authorization);
}

/** The SHA-256 of a secret, as it is stored. */
export function secretHash(secret: string): Uint8Array {
  return createHash("sha256").update(secret).digest();
}

const NOBODY = new Uint8Array(32);

/** Only who holds the secret learns whether the key is expired or revoked; an unknown id looks like a wrong secret. */
function admit(key: StoredKey | undefined, secret: string): Caller {
  const matches = timingSafeEqual(secretHash(secret), key?.secret_sha256 ?? NOBODY);
  if (key === undefined || !matches) throw unauthenticated("The token is not known here");
  if (key.revoked) throw unauthenticated("This API key was revoked");
  if (key.expired) throw unauthenticated("This API key has expired");
  return { kind: "token", id: key.caller_id, key: key.id, scopes: scopesAmong(key.scopes) };
}

const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i; // RFC 6750, 2.1

function bearerToken(authorization: string): string | null {
  return authorization.length > MAX_TOKEN_LENGTH ? null : BEARER.exec(authorization)?.[1] ?? null;
}

/** Two dots make a JWT in its compact form; an API key has none. */
function isSignedToken(token: string): boolean {
  const first = token.indexOf(".");
  return first !== -1 && token.includes(".", first + 1);
}

/** Compares two texts in a time that depends on their lengths alone. */
function sameText(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}

function unauthenticated(message: string): DomainError {
  return new DomainError("unauthenticated", message);
}
