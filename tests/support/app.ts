import type { Db } from "../../db/client.ts";
import { createRegistry } from "../../jobs/handlers.ts";
import { createRunner, type Runner } from "../../jobs/runner.ts";
import { createApp } from "../../routes/app.ts";
import { createDoor } from "../../routes/door.ts";
import { metricLane } from "../../routes/metrics.ts";
import type { Caller, Scope } from "../../services/access.ts";
import { directHeavy } from "../../services/adapters/direct_heavy.ts";
import { readConfig } from "../../services/config.ts";
import type { Ctx } from "../../services/context.ts";
import type { Clock } from "../../services/ports/clock.ts";
import type { Ids } from "../../services/ports/ids.ts";
import type { Log } from "../../services/ports/log.ts";
import { contractOf } from "./contract.ts";
import { type Fixture, rolledBack } from "./database.ts";

type Ask = { body?: unknown; headers?: Record<string, string>; as?: Caller };

/** What a test of the HTTP interface holds: the whole service over one transaction that will be rolled back. */
export type App = {
  db: Db;
  ctx: Ctx;
  /** Sends a request through the door; a body that is not text is sent as JSON. Without `as`, the caller is local. */
  request(method: string, path: string, ask?: Ask): Promise<Response>;
  /** Sends a request as it is, from an address of choice. */
  send(request: Request, hostname?: string): Promise<Response>;
  /** The JSON of an answer, after checking its status; a mismatch shows the body. */
  // deno-lint-ignore no-explicit-any -- a test reads fields of many shapes, and the contract test checks those shapes
  json(method: string, path: string, status: number, ask?: Ask): Promise<any>;
  /** The runner over the same database: `tick` does everything that is due. */
  runner: Runner;
  /** Sets the database's clock. */
  setNow(at: string): Promise<void>;
  /** What the service logged, as `level message`. */
  logged: string[];
};

/** A caller who may only see what is public. */
export const anonymous: Caller = { kind: "anonymous" };

/** Somebody with a token. */
export function bearer(id = "aaaaaaaa-0000-4000-8000-000000000001", scopes: Scope[] = ["read", "write"]): Caller {
  return { kind: "token", id, key: `key-${id}`, scopes: new Set(scopes) };
}

/** Ids that count, so that a test can name them. */
export function countingIds(): Ids {
  let count = 0;
  return {
    uuid: () => `00000000-0000-7abc-b000-${(++count).toString(16).padStart(12, "0")}`,
    bytes: (length) => Uint8Array.from({ length }, (_, i) => (i * 37 + ++count) & 0xff),
    random: () => 0.5,
  };
}

/** A process clock that stands still until a test moves it; waiting on it ends only by its signal. */
export function stillClock(): Clock & { advance(ms: number): void } {
  let elapsed = 0;
  return {
    now: () => 1_766_577_600_000 + elapsed,
    monotonic: () => elapsed,
    sleep: (_ms, signal) =>
      new Promise((resolve) => signal?.aborted ? resolve() : signal?.addEventListener("abort", () => resolve())),
    advance: (ms) => void (elapsed += ms),
  };
}

/** A log that remembers. */
export function memoryLog(lines: string[]): Log {
  const at = (level: string) => (message: string, fields?: Record<string, unknown>) => {
    const cause = fields?.["cause"];
    lines.push(`${level} ${message}${cause instanceof Error ? `: ${cause.message}` : ""}`);
  };
  return { info: at("info"), warn: at("warn"), error: at("error"), request: () => {} };
}

/** A way out that leads nowhere. */
export const nowhere = () => Promise.reject(new Error("This test needs no network"));

const vitals = {
  uptimeSeconds: () => 1,
  draining: () => false,
  secondsSinceTick: () => 0,
  pendingMigrations: () => Promise.resolve(0),
};

function contextOver(
  db: Db,
  engine: Ctx["engine"],
  env: Record<string, string>,
  logged: string[],
): Ctx & { runs: Runner } {
  const [clock, ids, log, config] = [stillClock(), countingIds(), memoryLog(logged), readConfig(env)];
  const parts = { db, clock, ids, log, config, engine, heavy: directHeavy };
  return { ...parts, runs: createRunner(parts, createRegistry(parts, nowhere)) };
}

/** The whole service over a database handle. */
export function appOver(db: Db, engine: Ctx["engine"], env: Record<string, string> = {}): App {
  const logged: string[] = [];
  const ctx = contextOver(db, engine, env, logged);
  const callers = new Map<string, Caller>();
  const app = createApp(ctx, vitals);
  const keepsTo = contractOf(app);
  const door = createDoor(app, ctx, (header) => callers.get(header ?? "") ?? { kind: "local" }, metricLane(ctx));

  const request: App["request"] = async (method, path, { body, headers = {}, as } = {}) => {
    const all = new Headers(headers);
    if (as !== undefined) {
      const name = `Test ${callers.size}`;
      callers.set(name, as);
      all.set("authorization", name);
    }
    if (body !== undefined && !all.has("content-type")) all.set("content-type", "application/json");
    const bytes = body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body);
    const req = new Request(`http://localhost${path}`, { method, headers: all, body: bytes });
    const response = await door(req, { remoteAddr: { hostname: "127.0.0.1" } });
    await keepsTo(method, path, response);
    return response;
  };
  return {
    db,
    ctx,
    runner: ctx.runs,
    request,
    send: (req, hostname = "127.0.0.1") => door(req, { remoteAddr: { hostname } }),
    async json(method, path, status, ask) {
      const response = await request(method, path, ask);
      const text = await response.text();
      if (response.status !== status) {
        throw new Error(`${method} ${path}: ${response.status} instead of ${status}: ${text}\n${logged.join("\n")}`);
      }
      return text === "" ? null : JSON.parse(text);
    },
    async setNow(at) {
      await db.query("update ops.test_clock set at = $1::timestamptz", [at]);
    },
    logged,
  };
}

/** An app that is only asked for its document. */
export function documentedApp() {
  const nothing = new Proxy({}, { get: () => () => Promise.reject(new Error("The document needs no database")) }) as Db;
  return createApp(contextOver(nothing, "embedded", {}, []), vitals);
}

/** Registers cases as tests, each inside a transaction that rolls back. */
export function register(fixture: Fixture, cases: Record<string, (t: App) => Promise<void>>): void {
  for (const [name, run] of Object.entries(cases)) {
    Deno.test(`${name} (${fixture.db.kind})`, () => rolledBack(fixture.db, (tx) => run(appOver(tx, fixture.db.kind))));
  }
}
