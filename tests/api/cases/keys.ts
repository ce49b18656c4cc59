import { deepStrictEqual as equal, match, ok, rejects } from "node:assert/strict";
import { readConfig } from "../../../services/config.ts";
import { parseKeysCommand, performKeysCommand } from "../../../services/keys/cli.ts";
import { type Authenticate, createAuthenticator } from "../../../services/keys/mod.ts";
import { anonymous, type App, bearer, stillClock } from "../../support/app.ts";

const ADMIN = "cccccccc-0000-4000-8000-000000000003";
const OTHER = "dddddddd-0000-4000-8000-000000000004";
const KEYS = "/api/v1/keys";
const admin = bearer(ADMIN, ["read", "write", "admin"]);

/** How this service authenticates in token mode, with a process clock of its own. */
function tokenMode(t: App): { authenticate: Authenticate; clock: ReturnType<typeof stillClock> } {
  const clock = stillClock();
  return {
    clock,
    authenticate: createAuthenticator({ ...t.ctx, clock, config: readConfig({ AUTH_MODE: "token" }) }, null),
  };
}

const refused = (message: RegExp) => ({ name: "DomainError", code: "unauthenticated", message });

/** Creating, listing and revoking keys, and authenticating with them. */
export const keysCases: Record<string, (t: App) => Promise<void>> = {
  async "a key is shown once and stands for its maker"(t) {
    const body = { name: "importer", scopes: ["read", "write"], expires_at: "2027-01-01T00:00:00Z" };
    const response = await t.request("POST", KEYS, { body, as: admin });
    equal([response.status, response.headers.get("cache-control")], [201, "no-store"]);
    const made = await response.json();
    match(made.key, /^ak_[0-9A-Za-z]{12}_[0-9A-Za-z]{38}$/);
    equal([made.id, made.caller_id, made.name], [made.key.slice(3, 15), ADMIN, "importer"]);
    equal([made.expires_at, made.created_at], ["2027-01-01T00:00:00Z", "2025-12-24T12:00:00Z"]);
    const caller = await tokenMode(t).authenticate(`Bearer ${made.key}`);
    equal(caller, { kind: "token", id: ADMIN, key: made.id, scopes: new Set(["read", "write"]) });
  },
  async "of the secret only a hash is stored"(t) {
    const { key } = await t.json("POST", KEYS, 201, { body: { name: "importer" } });
    const [row] = await t.db.query<{ row: string; hash: string }>(
      "select k::text as row, encode(secret_sha256, 'hex') as hash from ops.api_keys k",
    );
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key.slice(16, 48))));
    equal(row?.hash, digest.toHex());
    ok(!row?.row.includes(key.slice(16, 48)));
  },
  async "a replay of the request shows the key without its secret, and makes no second one"(t) {
    const ask = { body: { name: "importer" }, headers: { "idempotency-key": "one" }, as: admin };
    const first = await t.json("POST", KEYS, 201, ask);
    const { key, ...rest } = first;
    ok(key !== null);
    equal(await t.json("POST", KEYS, 201, ask), { ...rest, key: null });
    const [kept] = await t.db.query<{ stored: string; keys: number }>(
      "select (select string_agg(k::text, ' ') from ops.idempotency_keys k) as stored, count(*)::int as keys from ops.api_keys",
    );
    equal(kept?.keys, 1);
    ok(!kept?.stored.includes(key.slice(16)), "what is stored for the replay has no secret");
  },
  async "the list shows the newest first and never a secret or its hash"(t) {
    const keys: string[] = [];
    for (const name of ["first", "second", "third"]) {
      keys.push((await t.json("POST", KEYS, 201, { body: { name } })).key);
      await t.setNow(`2025-12-24T12:0${keys.length}:00Z`);
    }
    const response = await t.request("GET", KEYS, { as: admin });
    const text = await response.text();
    for (const key of keys) ok(!text.includes(key.slice(16, 48)));
    ok(!/sha256|hash|secret/.test(text));
    const list = JSON.parse(text);
    equal(list.items.map(({ name }: { name: string }) => name), ["third", "second", "first"]);
    equal([list.total, list.skip, list.limit, list.next_cursor], [3, 0, 100, null]);
  },
  async "the list is paged by skip or by cursor, without gaps or repeats"(t) {
    for (let i = 0; i < 5; i++) await t.json("POST", KEYS, 201, { body: { name: `key ${i}` } });
    const { items } = await t.json("GET", KEYS, 200);
    const bySkip = (await t.json("GET", `${KEYS}?skip=3&limit=2`, 200)).items;
    equal(bySkip, items.slice(3));
    const walked = [];
    for (let path: string | null = `${KEYS}?limit=2`; path !== null;) {
      const page = await t.json("GET", path, 200);
      walked.push(...page.items);
      path = page.next_cursor === null ? null : `${KEYS}?limit=2&cursor=${encodeURIComponent(page.next_cursor)}`;
    }
    equal(walked, items);
  },
  async "keys need the scope admin"(t) {
    const made = await t.json("POST", KEYS, 201, { body: { name: "importer" } });
    const writer = bearer(ADMIN, ["read", "write", "act_as", "files"]);
    await t.json("POST", KEYS, 403, { body: { name: "more" }, as: writer });
    await t.json("GET", KEYS, 403, { as: writer });
    await t.json("DELETE", `${KEYS}/${made.id}`, 403, { as: writer });
    await t.json("POST", KEYS, 401, { body: { name: "more" }, as: anonymous });
    await t.json("GET", KEYS, 401, { as: anonymous });
    await t.json("DELETE", `${KEYS}/${made.id}`, 401, { as: anonymous });
  },
  async "a key can only be given scopes that its maker has"(t) {
    const refusal = await t.json("POST", KEYS, 403, {
      body: { name: "x", scopes: ["read", "files", "act_as"] },
      as: admin,
    });
    match(refusal.detail, /files, act_as/);
    const made = await t.json("POST", KEYS, 201, { body: { name: "x", scopes: ["admin", "read", "read"] }, as: admin });
    equal(made.scopes, ["admin", "read"]);
  },
  async "a key for somebody else needs the scope act_as"(t) {
    const body = { name: "x", caller_id: OTHER };
    await t.json("POST", KEYS, 403, { body, as: admin });
    const made = await t.json("POST", KEYS, 201, { body, as: bearer(ADMIN, ["read", "write", "admin", "act_as"]) });
    equal(made.caller_id, OTHER);
    const own = await t.json("POST", KEYS, 201, { body: { name: "x", caller_id: ADMIN.toUpperCase() }, as: admin });
    equal(own.caller_id, ADMIN);
  },
  async "bad input is refused with its place"(t) {
    const bad: [Record<string, unknown>, string][] = [
      [{}, "/name"],
      [{ name: "" }, "/name"],
      [{ name: "a\0b" }, "/name"],
      [{ name: "x", scopes: [] }, "/scopes"],
      [{ name: "x", scopes: ["root"] }, "/scopes/0"],
      [{ name: "x", caller_id: "me" }, "/caller_id"],
      [{ name: "x", expires_at: "tomorrow" }, "/expires_at"],
      [{ name: "x", expires_at: "2025-12-24T12:00:00Z" }, "/expires_at"],
      [{ name: "x", secret_sha256: "00" }, "/secret_sha256"],
      [{ name: "x", id: "abcdefghijkl" }, "/id"],
    ];
    for (const [body, pointer] of bad) {
      const answer = await t.json("POST", KEYS, 422, { body });
      equal(answer.errors[0].pointer, pointer);
    }
    await t.json("DELETE", `${KEYS}/short`, 422);
    equal((await t.json("GET", KEYS, 200)).total, 0);
  },
  async "a revoked key is refused within a second, stays listed, and may be revoked again"(t) {
    const { authenticate, clock } = tokenMode(t);
    const { id, key } = await t.json("POST", KEYS, 201, { body: { name: "importer" } });
    await authenticate(`Bearer ${key}`);
    await t.json("DELETE", `${KEYS}/${id}`, 204);
    await t.setNow("2025-12-24T13:00:00Z");
    await t.json("DELETE", `${KEYS}/${id}`, 204);
    clock.advance(1_000);
    await rejects(async () => await authenticate(`Bearer ${key}`), refused(/^This API key was revoked$/));
    equal((await t.json("GET", KEYS, 200)).items[0].revoked_at, "2025-12-24T12:00:00Z");
    await t.json("DELETE", `${KEYS}/000000000000`, 404);
  },
  async "a key ends at its expiry, by the clock of the database"(t) {
    const { authenticate, clock } = tokenMode(t);
    const body = { name: "importer", expires_at: "2025-12-24T14:00:00+01:00" };
    const { key } = await t.json("POST", KEYS, 201, { body });
    await t.setNow("2025-12-24T12:59:59.999Z");
    await authenticate(`Bearer ${key}`);
    await t.setNow("2025-12-24T13:00:00Z");
    clock.advance(1_000);
    await rejects(async () => await authenticate(`Bearer ${key}`), refused(/^This API key has expired$/));
  },
  async "a wrong secret and an unknown id are told the same"(t) {
    const { authenticate } = tokenMode(t);
    const made = await t.json("POST", KEYS, 201, { body: { name: "importer" } });
    const other = await t.json("POST", KEYS, 201, { body: { name: "other" } });
    await t.db.query("update ops.api_keys set secret_sha256 = $2::bytea where id = $1", [made.id, new Uint8Array(32)]);
    await t.db.query("delete from ops.api_keys where id = $1", [other.id]);
    for (const key of [made.key, other.key]) {
      await rejects(async () => await authenticate(`Bearer ${key}`), refused(/^The token is not known here$/));
    }
  },
  async "the use of a key is noted, at most once a minute over all instances"(t) {
    const instances = [tokenMode(t), tokenMode(t)];
    const { key } = await t.json("POST", KEYS, 201, { body: { name: "importer" } });
    const usedAt = async (at: string, elapsed_ms: number) => {
      await t.setNow(at);
      for (const { authenticate, clock } of instances) {
        clock.advance(elapsed_ms);
        await authenticate(`Bearer ${key}`);
      }
      return (await t.json("GET", KEYS, 200)).items[0].last_used_at;
    };
    equal((await t.json("GET", KEYS, 200)).items[0].last_used_at, null);
    equal(await usedAt("2025-12-24T12:00:01Z", 0), "2025-12-24T12:00:01Z");
    equal(await usedAt("2025-12-24T12:00:30Z", 29_000), "2025-12-24T12:00:01Z");
    equal(await usedAt("2025-12-24T12:01:00Z", 60_000), "2025-12-24T12:00:01Z", "tried, and still within the minute");
    equal(await usedAt("2025-12-24T12:02:00Z", 60_000), "2025-12-24T12:02:00Z");
  },
  async "the command makes, lists and revokes keys"(t) {
    const run = (...args: string[]) => performKeysCommand(t.ctx, parseKeysCommand(args));
    equal(await run("list"), ["There are no API keys."]);
    const [key = ""] = await run(
      ...["create", "--name", "nightly import", "--caller", OTHER, "--scopes", "read,files", "--expires", "2027-01-01"],
    );
    const { authenticate } = tokenMode(t);
    const id = key.slice(3, 15);
    equal(await authenticate(`Bearer ${key}`), {
      kind: "token",
      id: OTHER,
      key: id,
      scopes: new Set(["read", "files"]),
    });
    const [line = "", ...others] = await run("list");
    equal(others, []);
    match(line, new RegExp(`^${id}  "nightly import"  ${OTHER}  read,files  expires 2027-01-01T00:00:00Z  used 2025`));
    ok(!line.includes(key.slice(16, 48)));
    await run("revoke", id);
    match((await run("list"))[0] ?? "", /revoked 2025-12-24T12:00:00Z/);
    await rejects(() => run("revoke", "000000000000"), /There is no such API key/);
    await rejects(() => run("create", "--name", "late", "--caller", OTHER, "--expires", "2020-01-01"), /not valid/);
  },
};
