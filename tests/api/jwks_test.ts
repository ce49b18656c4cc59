import { deepStrictEqual as equal, ok, rejects } from "node:assert/strict";
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from "jose";
import type { Caller } from "../../services/access.ts";
import { jwksTokens } from "../../services/adapters/jwks.ts";
import { readConfig } from "../../services/config.ts";
import { createAuthenticator } from "../../services/keys/mod.ts";
import { memoryLog, stillClock } from "../support/app.ts";

const SUBJECT = "bbbbbbbb-0000-4000-8000-000000000002";
const ISSUER = "https://auth.example.org";
const AUDIENCE = "analytics";

const es256 = await generateKeyPair("ES256", { extractable: true });
const rs256 = await generateKeyPair("RS256", { extractable: true });
const stranger = await generateKeyPair("ES256");
const KEY_SET = {
  keys: [
    { ...await exportJWK(es256.publicKey), kid: "es", alg: "ES256", use: "sig" },
    { ...await exportJWK(rs256.publicKey), kid: "rs", alg: "RS256", use: "sig" },
  ],
};

type Issuer = {
  tokens: ReturnType<typeof jwksTokens>;
  clock: ReturnType<typeof stillClock>;
  /** How the issuer answers from now on. */
  answer(with_: () => Response | Promise<Response>): void;
  /** How often it was asked. */
  asked(): number;
  /** Signs claims that are good but for what is changed; null leaves one out. */
  sign(
    change?: Record<string, unknown>,
    key?: CryptoKey | Uint8Array,
    header?: { alg: string; kid?: string },
  ): Promise<string>;
};

/** Runs a test against a real issuer on the loopback. */
function withIssuer(test: (issuer: Issuer) => Promise<void>): () => Promise<void> {
  return async () => {
    let answer: () => Response | Promise<Response> = () => Response.json(KEY_SET);
    let asked = 0;
    const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, () => (asked++, answer()));
    const clock = stillClock();
    const url = `http://127.0.0.1:${server.addr.port}/jwks.json`;
    const claims = (change: Record<string, unknown>): JWTPayload => {
      const now = Math.floor(clock.now() / 1000);
      const all = {
        iss: ISSUER,
        aud: AUDIENCE,
        sub: SUBJECT,
        exp: now + 300,
        iat: now,
        scope: "read write",
        ...change,
      };
      return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
    };
    try {
      await test({
        tokens: jwksTokens({ url, issuer: ISSUER, audience: AUDIENCE }, clock),
        clock,
        answer: (next) => void (answer = next),
        asked: () => asked,
        sign: (change = {}, key = es256.privateKey, header = { alg: "ES256", kid: "es" }) =>
          new SignJWT(claims(change)).setProtectedHeader(header).sign(key),
      });
    } finally {
      await server.shutdown();
    }
  };
}

const refused = (message: RegExp) => ({ name: "DomainError", code: "unauthenticated", message });
const away = { name: "DomainError", code: "unavailable", message: /cannot be reached/ };
const seconds = (clock: { now(): number }, from: number) => Math.floor(clock.now() / 1000) + from;

function scopesOf(caller: Caller): string[] {
  return caller.kind === "token" ? [...caller.scopes] : [];
}

Deno.test(
  "a good token stands for its subject, and the keys are fetched once",
  withIssuer(async ({ tokens, sign, asked }) => {
    const caller = { kind: "token", id: SUBJECT, key: `jwt:${SUBJECT}`, scopes: new Set(["read", "write"]) };
    equal(await tokens.verify(await sign()), caller);
    equal(await tokens.verify(await sign({}, rs256.privateKey, { alg: "RS256", kid: "rs" })), caller);
    equal(await tokens.verify(await sign({ sub: SUBJECT.toUpperCase(), aud: ["other", AUDIENCE] })), caller);
    equal(asked(), 1);
  }),
);

Deno.test(
  "scopes are read from scope, scp or scopes, and unknown ones are ignored",
  withIssuer(async ({ tokens, sign }) => {
    const found = async (claims: Record<string, unknown>) =>
      scopesOf(await tokens.verify(await sign({ scope: null, ...claims })));
    equal(await found({ scope: "openid read profile admin" }), ["read", "admin"]);
    equal(await found({ scp: ["write", "owner", 7, null] }), ["write"]);
    equal(await found({ scp: "read files" }), ["read", "files"]);
    equal(await found({ scopes: ["act_as"] }), ["act_as"]);
    equal(await found({ scope: "__proto__ constructor" }), []);
    equal(await found({}), []);
    equal(await found({ scope: { read: true } }), []);
  }),
);

Deno.test(
  "a token is refused once it has expired, or before it is valid, with 30 seconds of tolerance",
  withIssuer(async ({ tokens, sign, clock }) => {
    await tokens.verify(await sign({ exp: seconds(clock, -29) }));
    await rejects(async () => tokens.verify(await sign({ exp: seconds(clock, -30) })), refused(/has expired/));
    await tokens.verify(await sign({ nbf: seconds(clock, 30) }));
    await rejects(async () => tokens.verify(await sign({ nbf: seconds(clock, 31) })), refused(/nbf/));
    await rejects(async () => tokens.verify(await sign({ exp: null })), refused(/exp/));
    const token = await sign();
    await tokens.verify(token);
    clock.advance(330_000);
    await rejects(() => tokens.verify(token), refused(/has expired/));
  }),
);

Deno.test(
  "another issuer, another audience, and a subject that is no UUID are refused",
  withIssuer(async ({ tokens, sign }) => {
    await rejects(async () => tokens.verify(await sign({ iss: "https://evil.example.org" })), refused(/iss/));
    await rejects(async () => tokens.verify(await sign({ iss: null })), refused(/iss/));
    await rejects(async () => tokens.verify(await sign({ aud: "content" })), refused(/aud/));
    await rejects(async () => tokens.verify(await sign({ aud: null })), refused(/aud/));
    await rejects(async () => tokens.verify(await sign({ sub: "somebody" })), refused(/not a UUID/));
    await rejects(async () => tokens.verify(await sign({ sub: null })), refused(/sub/));
  }),
);

Deno.test(
  "a token without a signature, or signed with the public key as a shared secret, is refused",
  withIssuer(async ({ tokens, sign, clock }) => {
    const unsigned = new UnsecuredJWT({ scope: "admin" }).setIssuer(ISSUER).setAudience(AUDIENCE).setSubject(SUBJECT)
      .setExpirationTime(seconds(clock, 300)).encode();
    await rejects(() => tokens.verify(unsigned), refused(/not a valid JWT/));
    const shared = new TextEncoder().encode(await exportSPKI(rs256.publicKey));
    for (const kid of ["rs", "es"]) {
      await rejects(
        async () => tokens.verify(await sign({}, shared, { alg: "HS256", kid })),
        refused(/not a valid JWT/),
      );
    }
  }),
);

Deno.test(
  "a token that somebody else signed, or that was changed, is refused",
  withIssuer(async ({ tokens, sign }) => {
    await rejects(async () => tokens.verify(await sign({}, stranger.privateKey)), refused(/not a valid JWT/));
    const [header, , signature] = (await sign()).split(".");
    const [, payload] = (await sign({ scope: "admin" }, stranger.privateKey)).split(".");
    await rejects(() => tokens.verify(`${header}.${payload}.${signature}`), refused(/not a valid JWT/));
    for (const token of ["..", "a.b.c", "e30.e30.", "e30.e30.e30", `${header}.${payload}`, `${header}.${payload}.`]) {
      await rejects(() => tokens.verify(token), refused(/not a valid JWT/));
    }
  }),
);

Deno.test(
  "a token that is remembered as good is refused all the same once it has expired",
  withIssuer(async ({ tokens, sign, clock }) => {
    const token = await sign({ exp: seconds(clock, 10) });
    await tokens.verify(token);
    clock.advance(39_999);
    await tokens.verify(token);
    clock.advance(1);
    await rejects(() => tokens.verify(token), refused(/has expired/));
  }),
);

Deno.test(
  "a remembered token is not taken for another of the same claims",
  withIssuer(async ({ tokens, sign }) => {
    const token = await sign();
    await tokens.verify(token);
    const [header, payload] = token.split(".");
    const forged = (await sign({}, stranger.privateKey)).split(".")[2];
    await rejects(() => tokens.verify(`${header}.${payload}.${forged}`), refused(/not a valid JWT/));
  }),
);

Deno.test(
  "made-up key ids are refused, and do not make us ask the issuer each time",
  withIssuer(async ({ tokens, sign, asked }) => {
    for (let i = 0; i < 10; i++) {
      const token = await sign({}, stranger.privateKey, { alg: "ES256", kid: `made-up-${i}` });
      await rejects(() => tokens.verify(token), refused(/does not publish/));
    }
    equal(asked(), 1);
  }),
);

Deno.test(
  "while the issuer is away the answer is unavailable, it is left alone for a while, and then asked again",
  withIssuer(async ({ tokens, sign, answer, asked, clock }) => {
    const token = await sign();
    answer(() => new Response("down", { status: 503 }));
    for (let i = 0; i < 10; i++) await rejects(() => tokens.verify(token), away);
    equal(asked(), 1);
    answer(() => Response.json(KEY_SET));
    clock.advance(5_000);
    equal((await tokens.verify(token)).kind, "token");
    equal(asked(), 2);
  }),
);

Deno.test(
  "an issuer that answers something else than keys counts as away",
  withIssuer(async ({ tokens, sign, answer, clock }) => {
    const token = await sign();
    const answers: (() => Response)[] = [
      () => new Response("<html>"),
      () => Response.json({ keys: "none" }),
      () => Response.json({ keys: [1] }),
      () => new Response(null, { status: 302, headers: { location: "http://127.0.0.1:1/" } }),
      () => Response.json({ ...KEY_SET, padding: "x".repeat(300_000) }),
      () => Response.json({ keys: [{ kty: "EC", crv: "P-256", kid: "es" }] }),
    ];
    for (const next of answers) {
      answer(next);
      clock.advance(5_000);
      await rejects(() => tokens.verify(token), away);
    }
  }),
);

Deno.test("an issuer that cannot be connected to counts as away", async () => {
  const free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${free.addr.port}/`;
  free.close();
  const tokens = jwksTokens({ url, issuer: ISSUER, audience: AUDIENCE }, stillClock());
  const token = await new SignJWT({}).setProtectedHeader({ alg: "ES256", kid: "es" }).sign(es256.privateKey);
  await rejects(() => tokens.verify(token), away);
});

Deno.test(
  "an answer says nothing of the claims, and a failure keeps none of them",
  withIssuer(async ({ tokens, sign }) => {
    const token = await sign({ iss: "https://evil.example.org", email: "canary@example.org" });
    const error = await tokens.verify(token).then(() => null, (error) => error);
    ok(error instanceof Error);
    ok(!Deno.inspect(error, { depth: 10 }).includes("canary"));
  }),
);

Deno.test(
  "the authenticator hands what has two dots to the verifier, and never to the database",
  withIssuer(async ({ tokens, sign, clock }) => {
    const unexpected = () => Promise.reject(new Error("not expected"));
    const db = { query: unexpected, exec: unexpected, transaction: unexpected };
    const config = readConfig({ AUTH_MODE: "token" });
    const authenticate = createAuthenticator({ db, clock, config, log: memoryLog([]) }, tokens);
    equal(scopesOf(await authenticate(`Bearer ${await sign()}`)), ["read", "write"]);
    await rejects(async () => await authenticate("Bearer a.b.c"), refused(/not a valid JWT/));
    await rejects(async () => await authenticate("Bearer a.b"), /malformed/);
  }),
);
