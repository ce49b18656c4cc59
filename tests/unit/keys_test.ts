import { createHash } from "node:crypto";
import { deepStrictEqual as equal, match, ok, rejects, throws } from "node:assert/strict";
import fc from "fast-check";
import type { StoredKey } from "../../db/api_keys.ts";
import type { Db } from "../../db/client.ts";
import { readConfig } from "../../services/config.ts";
import { parseKeysCommand } from "../../services/keys/cli.ts";
import { createAuthenticator } from "../../services/keys/authenticator.ts";
import { KeyCache } from "../../services/keys/cache.ts";
import { crc32, formatKey, makeKey, parseKey } from "../../services/keys/format.ts";
import { memoryLog, stillClock } from "../support/app.ts";

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const base62 = (length: number) =>
  fc.array(fc.constantFrom(...BASE62), { minLength: length, maxLength: length }).map((all) => all.join(""));
const parts = fc.record({ id: base62(12), secret: base62(32) }, { noNullPrototype: true });

Deno.test("the checksum is the CRC-32 of the catalogue: its check value is 0xCBF43926", () => {
  equal(crc32("123456789"), 0xcbf43926);
  equal(crc32(""), 0);
});

Deno.test("a key that was made is read back, and looks as announced", () => {
  fc.assert(fc.property(parts, (made) => {
    const key = formatKey(made);
    match(key, /^ak_[0-9A-Za-z]{12}_[0-9A-Za-z]{38}$/);
    equal(parseKey(key), made);
  }));
});

Deno.test("a key with any one character changed is refused", () => {
  fc.assert(
    fc.property(parts, fc.nat(53), fc.constantFrom(...BASE62, "_", "-", ".", " ", "é"), (made, at, character) => {
      const key = formatKey(made);
      fc.pre(key.charAt(at) !== character);
      equal(parseKey(key.slice(0, at) + character + key.slice(at + 1)), null);
    }),
    { numRuns: 5_000 },
  );
});

Deno.test("a key with two neighbours swapped, cut off, or with anything added is refused", () => {
  fc.assert(
    fc.property(parts, fc.integer({ min: 0, max: 52 }), fc.string({ minLength: 1 }), (made, at, more) => {
      const key = formatKey(made);
      const swapped = key.slice(0, at) + key.charAt(at + 1) + key.charAt(at) + key.slice(at + 2);
      if (swapped !== key) equal(parseKey(swapped), null);
      equal([parseKey(key.slice(0, at)), parseKey(key + more), parseKey(more + key)], [null, null, null]);
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("any other text is no key", () => {
  fc.assert(fc.property(fc.string(), (text) => equal(parseKey(text), null)));
  equal(parseKey(formatKey({ id: "a".repeat(12), secret: "b".repeat(31) })), null);
});

Deno.test("every character of a new key is equally likely, and bytes beyond 248 are drawn again", () => {
  let drawn = 0;
  const counts = new Map<string, number>();
  const everyByte = (length: number) => Uint8Array.from({ length }, () => drawn++ & 0xff);
  for (let i = 0; i < 62; i++) {
    const { id, secret } = makeKey(everyByte);
    equal([id.length, secret.length], [12, 32]);
    for (const character of id + secret) counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  equal(counts.size, 62);
  equal(new Set(counts.values()), new Set([44]));
});

const CALLER = "aaaaaaaa-0000-4000-8000-000000000001";
const GOOD = { id: "abcdefghijkl", secret: "0123456789abcdefghijklmnopqrstuv" };
const OTHER_SECRET = formatKey({ ...GOOD, secret: GOOD.secret.toUpperCase() });

/** An authenticator in token mode over a table of one key, which counts what it is asked. */
function setUp(change: Partial<StoredKey> = {}, asked: string[] = []) {
  const row: StoredKey = {
    id: GOOD.id,
    secret_sha256: createHash("sha256").update(GOOD.secret).digest(),
    caller_id: CALLER,
    scopes: ["read", "write", "of_a_later_version"],
    expired: false,
    revoked: false,
    ...change,
  };
  const failing = { touch: false, find: false };
  const query = (text: string, params: readonly unknown[] = []) => {
    const kind = text.startsWith("select") ? "find" : "touch";
    asked.push(kind);
    if (failing[kind]) return Promise.reject(new Error("the database is away"));
    return Promise.resolve(kind === "find" && params[0] === GOOD.id ? [{ ...row }] : []);
  };
  const db = { query, exec: unexpected, transaction: unexpected } as Db; // its answers are of two statements alone
  const clock = stillClock();
  const logged: string[] = [];
  const config = readConfig({ AUTH_MODE: "token" });
  const authenticate = createAuthenticator({ db, clock, config, log: memoryLog(logged) }, null);
  return { authenticate, row, asked, clock, logged, failing };
}

const unexpected = () => Promise.reject(new Error("not expected"));
const header = (key: string) => `Bearer ${key}`;
const refused = (message: RegExp) => ({ name: "DomainError", code: "unauthenticated", message });

Deno.test("a request without a header is anonymous, and nothing is looked up", async () => {
  const { authenticate, asked } = setUp();
  equal(await authenticate(null), { kind: "anonymous" });
  equal(asked, []);
});

Deno.test("a good key stands for its caller, with the scopes that this version knows", async () => {
  const { authenticate } = setUp();
  const caller = { kind: "token", id: CALLER, key: GOOD.id, scopes: new Set(["read", "write"]) };
  equal(await authenticate(header(formatKey(GOOD))), caller);
  equal(await authenticate(`bearer   ${formatKey(GOOD)}`), caller);
});

Deno.test("in open mode everybody is local, and a presented token is ignored", async () => {
  const db: Db = { query: unexpected, exec: unexpected, transaction: unexpected };
  const ctx = { db, clock: stillClock(), config: readConfig({}), log: memoryLog([]) };
  const authenticate = createAuthenticator(ctx, null);
  for (const given of [null, "", "Bearer nonsense", header(formatKey(GOOD))]) {
    equal(await authenticate(given), { kind: "local" });
  }
});

Deno.test("a malformed header or key is refused without a look-up", async () => {
  const { authenticate, asked } = setUp();
  const key = formatKey(GOOD);
  const headers = ["", "Bearer", "Bearer ", key, `Basic ${key}`, `Bearer ${key} x`, `Bearer ${"a".repeat(10_000)}`];
  for (const given of headers) {
    await rejects(async () => await authenticate(given), refused(/^The Authorization header must be/));
  }
  const flipped = key.slice(0, -1) + (key.endsWith("0") ? "1" : "0");
  for (const token of ["x", "ak_", key.slice(0, -1), flipped, key.replace("ak_", "AK_"), `${key}.x`]) {
    await rejects(async () => await authenticate(header(token)), refused(/^The token is malformed/));
  }
  equal(asked, []);
});

Deno.test("any change of a key is refused without a look-up", async () => {
  const { authenticate, asked } = setUp();
  const key = formatKey(GOOD);
  for (let at = 0; at < key.length; at++) {
    const changed = key.slice(0, at) + (key.charAt(at) === "7" ? "8" : "7") + key.slice(at + 1);
    await rejects(async () => await authenticate(header(changed)), refused(/^The token is malformed/));
  }
  equal(asked, []);
});

Deno.test("a signed token is refused without a look-up where none are accepted", async () => {
  const { authenticate, asked } = setUp();
  await rejects(async () => await authenticate("Bearer aaa.bbb.ccc"), refused(/JWT.*not accepted/));
  equal(asked, []);
});

Deno.test("an unknown id is told the same as a wrong secret", async () => {
  const { authenticate } = setUp();
  await rejects(async () => await authenticate(header(OTHER_SECRET)), refused(/^The token is not known here$/));
  const unknown = formatKey({ ...GOOD, id: "000000000000" });
  await rejects(async () => await authenticate(header(unknown)), refused(/^The token is not known here$/));
});

Deno.test("only the holder of a key learns that it is revoked or expired", async () => {
  for (const [change, word] of [[{ revoked: true }, /revoked/], [{ expired: true }, /expired/]] as const) {
    const { authenticate, asked } = setUp(change);
    await rejects(async () => await authenticate(header(formatKey(GOOD))), refused(word));
    await rejects(async () => await authenticate(header(OTHER_SECRET)), refused(/not known here/));
    equal(asked, ["find"], "and its use is not noted");
  }
});

Deno.test("a key is looked up once a second, and a wrong secret is still refused in between", async () => {
  const { authenticate, asked, clock } = setUp();
  const key = header(formatKey(GOOD));
  for (let i = 0; i < 10; i++) await authenticate(key);
  await rejects(async () => await authenticate(header(OTHER_SECRET)), refused(/not known here/));
  await authenticate(key);
  equal(asked.filter((kind) => kind === "find").length, 1);
  clock.advance(1_000);
  await authenticate(key);
  equal(asked.filter((kind) => kind === "find").length, 2);
});

Deno.test("a revocation takes effect within a second", async () => {
  const { authenticate, row, clock } = setUp();
  const key = header(formatKey(GOOD));
  await authenticate(key);
  row.revoked = true;
  clock.advance(999);
  await authenticate(key);
  clock.advance(1);
  await rejects(async () => await authenticate(key), refused(/revoked/));
});

Deno.test("requests that come while a key is looked up share the look-up", async () => {
  const { authenticate, asked } = setUp();
  await Promise.all(Array.from({ length: 50 }, () => authenticate(header(formatKey(GOOD)))));
  equal(asked, ["find", "touch"]);
});

Deno.test("the use of a key is noted at most once a minute", async () => {
  const { authenticate, asked, clock } = setUp();
  const touches = () => asked.filter((kind) => kind === "touch").length;
  for (let second = 0; second < 60; second++) {
    await authenticate(header(formatKey(GOOD)));
    equal(touches(), 1);
    clock.advance(1_000);
  }
  await authenticate(header(formatKey(GOOD)));
  equal(touches(), 2);
});

Deno.test("a request does not fail because its key's use cannot be noted", async () => {
  const { authenticate, logged, failing } = setUp();
  failing.touch = true;
  equal((await authenticate(header(formatKey(GOOD)))).kind, "token");
  await Promise.resolve();
  equal(logged, ["warn the use of an API key was not noted: the database is away"]);
});

Deno.test("a failed look-up fails its request and is not remembered", async () => {
  const { authenticate, failing } = setUp();
  failing.find = true;
  await rejects(async () => await authenticate(header(formatKey(GOOD))), /the database is away/);
  failing.find = false;
  equal((await authenticate(header(formatKey(GOOD)))).kind, "token");
});

Deno.test("the memory of keys is bounded, drops the oldest, and holds no id that nobody has", async () => {
  const row = setUp().row;
  let finds = 0;
  const cache = new KeyCache((id) => Promise.resolve(finds++ >= 0 && id.startsWith("k") ? row : undefined), 100);
  for (let i = 0; i < 150; i++) await cache.at(`k${i}`, 0).row;
  equal([cache.size, finds], [100, 150]);
  await cache.at("k149", 0).row;
  equal(finds, 150, "the newest is still held");
  await cache.at("k0", 0).row;
  equal(finds, 151, "the oldest is not");
  for (let i = 0; i < 50; i++) await cache.at(`x${i}`, 0).row;
  await Promise.resolve();
  ok(cache.size <= 100);
  await cache.at("x1", 0).row;
  equal(finds, 202, "an unknown id is looked up again");
});

Deno.test("the command understands its arguments", () => {
  equal(parseKeysCommand(["list"]), { verb: "list" });
  equal(parseKeysCommand(["revoke", "abcdefghijkl"]), { verb: "revoke", id: "abcdefghijkl" });
  const plain = { name: "N", caller_id: CALLER, scopes: ["read", "write"], expires_at: null };
  equal(parseKeysCommand(["create", "--name", "N", "--caller", CALLER]), { verb: "create", key: plain });
  const options = ["--scopes=read,admin", "--expires=2027-01-01"];
  const key = { ...plain, scopes: ["read", "admin"], expires_at: "2027-01-01T00:00:00Z" };
  equal(parseKeysCommand(["create", "--name=N", `--caller=${CALLER}`, ...options]), { verb: "create", key });
});

Deno.test("the command says what is wrong with its arguments, and how it is used", () => {
  const create = ["create", "--name", "N", "--caller", CALLER];
  const wrong: [string[], RegExp][] = [
    [[], /^Usage:/],
    [["frobnicate"], /^Usage:/],
    [["list", "all"], /^Usage:/],
    [["list", "--name", "N"], /^Usage:/],
    [["revoke"], /^Usage:/],
    [["revoke", "short"], /^Usage:/],
    [["revoke", "abcdefghijkl", "abcdefghijkm"], /^Usage:/],
    [[...create, "more"], /^Usage:/],
    [["create", "--name", "N"], /^--caller is missing/],
    [["create", "--caller", CALLER], /^--name: /],
    [["create", "--name", "N", "--caller", "me"], /^--caller: /],
    [[...create, "--scopes", "read,root"], /^--scopes: /],
    [[...create, "--expires", "2027-02-30"], /^--expires: /],
    [[...create, "--verbose"], /--verbose/],
  ];
  for (const [args, message] of wrong) {
    throws(() => parseKeysCommand(args), { message });
    throws(() => parseKeysCommand(args), /deno task keys create/);
  }
});
