import { createHash } from "node:crypto";
import { createRemoteJWKSet, customFetch, errors, type JWTPayload, jwtVerify } from "jose";
import { z } from "zod";
import type { Caller } from "../access.ts";
import type { Config } from "../config.ts";
import { DomainError } from "../errors.ts";
import { scopesAmong } from "../keys/scopes.ts";
import type { Clock } from "../ports/clock.ts";
import type { Tokens } from "../ports/tokens.ts";

/** Where the keys of the auth service are, and what its tokens must say. */
export type Issuer = { url: string; issuer: string; audience: string };

/** Asymmetric only: with HS256 whoever reads the public keys could sign, and `none` is no signature. */
const ALGORITHMS = "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519".split(" ");
const TOLERANCE_S = 30;
const FETCH_MS = 3_000;
const CACHE_MS = 600_000; // how long a key that the issuer withdrew may still be believed
const UNKNOWN_KEY_COOLDOWN_MS = 30_000; // made-up key ids must not make us ask the issuer each time
const AWAY_COOLDOWN_MS = 5_000;
const MOST_BYTES = 256 * 1024;
const REMEMBER_MS = 60_000; // a signature costs 0.4 ms of CPU to verify, a request that reads a row less
const MOST_REMEMBERED = 10_000;

/** What verifies JWTs under this configuration, or null where none are accepted. */
export function jwksFrom(
  { AUTH_JWKS_URL: url, AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience }: Config,
  clock: Clock,
): Tokens | null {
  if (url === undefined || issuer === undefined || audience === undefined) return null;
  return jwksTokens({ url, issuer, audience }, clock);
}

/**
 * Verifies JWTs against the published keys (JWKS) of the organisation's auth service.
 * A token must name the issuer and the audience, expire, and have a UUID as its subject: that is the caller's id.
 * A good one is checked again after a minute, or when it expires.
 * @param clock decides about expiry, with 30 s of tolerance
 */
export function jwksTokens({ url, issuer, audience }: Issuer, clock: Clock): Tokens {
  const keys = createRemoteJWKSet(new URL(url), {
    timeoutDuration: FETCH_MS,
    cacheMaxAge: CACHE_MS,
    cooldownDuration: UNKNOWN_KEY_COOLDOWN_MS,
    [customFetch]: patient(clock),
  });
  const checked = async (token: string): Promise<Verified> => {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience,
      algorithms: ALGORITHMS,
      clockTolerance: TOLERANCE_S,
      requiredClaims: ["exp", "sub"],
      currentDate: new Date(clock.now()),
    }).catch((error) => {
      throw refusal(error);
    });
    const expires = ((payload.exp ?? 0) + TOLERANCE_S) * 1000;
    return { caller: callerOf(payload), until: Math.min(expires, clock.now() + REMEMBER_MS) };
  };
  return { verify: remembered(checked, clock) };
}

/** Whom a token stands for, and the process time (ms) until which that need not be checked again. */
type Verified = { caller: Caller; until: number };

/** Spares the signature of a token that was good a moment ago. Only good tokens are kept, and only by their hash. */
function remembered(verify: (token: string) => Promise<Verified>, clock: Clock): Tokens["verify"] {
  const good = new Map<string, Verified>(); // in the order of checking, so the first is the oldest
  return async (token) => {
    const name = createHash("sha256").update(token).digest("base64");
    const held = good.get(name);
    if (held !== undefined && clock.now() < held.until) return held.caller;
    const fresh = await verify(token);
    good.delete(name);
    good.set(name, fresh);
    const [oldest] = good.keys();
    if (good.size > MOST_REMEMBERED && oldest !== undefined) good.delete(oldest);
    return fresh.caller;
  };
}

/** Fetches a bounded key set, and after a failure does not ask again for a while: an issuer in trouble is left alone. */
function patient(clock: Clock): (url: string, init: RequestInit) => Promise<Response> {
  let awayUntil = -Infinity;
  return async (url, init) => {
    if (clock.monotonic() < awayUntil) throw new Error("The keys of the auth service could not be fetched lately");
    try {
      return Response.json(await fetchKeySet(url, init));
    } catch (error) {
      awayUntil = clock.monotonic() + AWAY_COOLDOWN_MS;
      throw error;
    }
  };
}

const KeySet = z.looseObject({ keys: z.array(z.looseObject({})) });

async function fetchKeySet(url: string, init: RequestInit): Promise<z.infer<typeof KeySet>> {
  const response = await fetch(url, init);
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel();
    throw new Error(`The auth service answered ${response.status} instead of its keys`);
  }
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MOST_BYTES) throw new Error("The key set of the auth service is too large");
  }
  return KeySet.parse(JSON.parse(text));
}

const Subject = z.guid().toLowerCase();

function callerOf(claims: JWTPayload): Caller {
  const subject = Subject.safeParse(claims.sub);
  if (!subject.success) throw new DomainError("unauthenticated", "The token's subject (sub) is not a UUID");
  const id = subject.data;
  return { kind: "token", id, key: `jwt:${id}`, scopes: scopesAmong(scopeWords(claims)) };
}

/** `scope` is RFC 8693's, with blanks between; `scp` and `scopes` are what other issuers write, often as an array. */
function scopeWords(claims: JWTPayload): string[] {
  const claim = claims["scope"] ?? claims["scp"] ?? claims["scopes"];
  if (typeof claim === "string") return claim.split(" ");
  return Array.isArray(claim) ? claim.filter((word) => typeof word === "string") : [];
}

/** What jose says of a token, for its sender. Claims are left out, of the message and of the log. */
function refusal(error: unknown): DomainError {
  const said = (message: string) => new DomainError("unauthenticated", message);
  if (error instanceof errors.JWTExpired) return said("The token has expired");
  if (error instanceof errors.JWTClaimValidationFailed) return said(`The token's ${error.claim} is not accepted here`);
  if (error instanceof errors.JWKSNoMatchingKey) {
    return said("The token is signed by a key that its issuer does not publish");
  }
  if (error instanceof errors.JOSEError && !OF_THE_KEYS.has(error.code)) return said("The token is not a valid JWT");
  return new DomainError("unavailable", "The keys of the auth service cannot be reached; try again", { cause: error });
}

/** What jose says of the key set rather than of the token. */
const OF_THE_KEYS: ReadonlySet<string> = new Set([
  errors.JWKSTimeout.code,
  errors.JWKSInvalid.code,
  errors.JWKInvalid.code,
]);
