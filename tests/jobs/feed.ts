import { createRegistry } from "../../jobs/handlers.ts";
import { createRunner, type Runner } from "../../jobs/runner.ts";
import { guardedFetch } from "../../services/adapters/guarded_fetch.ts";
import { readConfig } from "../../services/config.ts";
import type { App } from "../support/app.ts";

/** Metrics feeds on the loopback for tests, from one that does as it is told to one that does everything wrong. */

export type Asked = { path: string; updated_after: string | null; cursor: string | null; token: string | null };
type Answer = (asked: Asked, times: number) => Response | Promise<Response>;

/** A feed that answers as the test says, and remembers what it was asked. */
export function feed(answer: Answer) {
  const asked: Asked[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (req) => {
    const { pathname: path, searchParams } = new URL(req.url);
    const [updated_after, cursor] = [searchParams.get("updated_after"), searchParams.get("cursor")];
    const now = { path, updated_after, cursor, token: req.headers.get("authorization") };
    asked.push(now);
    return answer(now, asked.length);
  });
  const url = `http://127.0.0.1:${server.addr.port}`;
  return { url, asked, [Symbol.asyncDispose]: () => server.shutdown() };
}

/** A gift of so much, whose external_id is its amount. */
export const gift = (n: number, more: Record<string, unknown> = {}) => ({
  ...{ service_name: "partners_crm", metric_type: "donation", metric_name: "donation_received", metric_value: n },
  ...{ timestamp: "2025-12-20T10:00:00Z", external_id: `gift-${n}`, ...more },
});

/** One page as a feed sends it. */
export const page = (items: unknown[], next_cursor: string | null = null) => Response.json({ items, next_cursor });

/** Makes feeds known, as the environment would. */
export function configure(t: App, urls: Record<string, string>, more: Record<string, string> = {}): void {
  const named = Object.entries(urls).map(([service, url]) => [`${service.toUpperCase()}_SERVICE_URL`, url]);
  t.ctx.config = readConfig({ ...Object.fromEntries(named), SYNC_TOKEN: "feed-secret", ...more });
}

/** A runner with the real handlers and the real way out. */
export const pullingRunner = (t: App): Runner => createRunner(t.ctx, createRegistry(t.ctx, guardedFetch(t.ctx)));

/** What a source can do wrong with one request. */
export type Trouble =
  | "fails"
  | "resets"
  | "stalls"
  | "answers garbage"
  | "truncates JSON"
  | "breaks off"
  | "repeats a page"
  | "repeats rows"
  | "sends strangers"
  | "dies afterwards";

type Change = { seq: number; external_id: string; value: number; changed_at: string };

/** Rows that are not the feed's to send, or cannot be known again, or are no rows; none may be stored. */
const STRANGERS = [
  gift(9_001, { service_name: "projects" }),
  { ...gift(9_002), external_id: undefined },
  { ...gift(9_003), external_id: null },
  gift(9_004, { metric_value: "many" }),
  "a row",
];

/**
 * A service with a log of changes, which it serves as a feed of `size` rows a page: each row once, as it was changed
 * last. Troubles come one a request, in the order in which they were planned; null is a request without.
 */
export class TroubledSource {
  #log = new Map<string, Change>();
  #plan: (Trouble | null)[] = [];
  #stalling = Promise.withResolvers<void>();
  #seq = 0;
  #server: Serving | null;

  constructor(private readonly size: number) {
    this.#server = this.#listen(0);
    this.port = this.#server.port;
  }

  readonly port: number;

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Resolves when a request is being stalled. */
  get stalled(): Promise<void> {
    return this.#stalling.promise;
  }

  /** Writes or corrects a row at an instant of the domain's clock. */
  change(external_id: string, value: number, changed_at: string): void {
    this.#log.set(external_id, { seq: ++this.#seq, external_id, value, changed_at });
  }

  plan(...troubles: (Trouble | null)[]): void {
    this.#plan.push(...troubles);
  }

  /** What it holds, in the order of the names. */
  held(): (string | number)[][] {
    return [...this.#log.values()].map(({ external_id, value }) => [external_id, value]).sort(byName);
  }

  /** Serves again after it died, on the same port. */
  revive(): void {
    this.#server = this.#listen(this.port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#die();
  }

  async #die(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    server?.listener.close();
    await server?.accepting;
  }

  #listen(port: number): Serving {
    const listener = Deno.listen({ hostname: "127.0.0.1", port });
    const accept = async () => {
      for await (const conn of listener) this.#serve(conn).catch(() => {}); // the other side may leave at any time
    };
    return { listener, port: listener.addr.port, accepting: accept() };
  }

  async #serve(conn: Deno.Conn): Promise<void> {
    using _closed = conn;
    const trouble = this.#plan.shift() ?? null;
    const head = new Uint8Array(trouble === "resets" ? 1 : 16_384);
    const read = await conn.read(head);
    if (trouble === "resets") return; // what was not read makes the kernel reset the connection
    if (trouble === "stalls") {
      this.#stalling.resolve();
      await conn.read(head); // until the other side gives up
      return;
    }
    if (trouble === "dies afterwards") this.#die(); // this one request is still answered
    const [, target = "/"] = new TextDecoder().decode(head.subarray(0, read ?? 0)).split(" ");
    await write(conn, this.#answerTo(new URL(target, "http://feed").searchParams, trouble));
  }

  #answerTo(query: URLSearchParams, trouble: Trouble | null): string {
    if (trouble === "fails") return http(500, "it hurts");
    if (trouble === "answers garbage") return http(200, "<html>Please log in</html>");
    const page = JSON.stringify(this.#pageOf(query, trouble));
    if (trouble === "truncates JSON") return http(200, page.slice(0, page.length / 2));
    return trouble === "breaks off" ? http(200, page).slice(0, -page.length / 2) : http(200, page);
  }

  #pageOf(query: URLSearchParams, trouble: Trouble | null): { items: unknown[]; next_cursor: string | null } {
    const after = query.get("updated_after");
    const asked = [...this.#log.values()].sort((a, b) => a.seq - b.seq)
      .filter((row) => after === null || Date.parse(row.changed_at) >= Date.parse(after));
    const from = parseInt(query.get("cursor") ?? "0");
    const before = asked.filter((row) => row.seq <= from);
    const left = asked.filter((row) => row.seq > from);
    if (trouble === "repeats a page" && before.length > 0) {
      return { items: before.slice(-this.size).map(sent), next_cursor: `${from} once more` };
    }
    const items = left.slice(0, this.size);
    const rows: unknown[] = [...(trouble === "repeats rows" ? before.slice(-2) : []), ...items].map(sent);
    if (trouble === "sends strangers") rows.splice(1, 0, ...STRANGERS);
    return { items: rows, next_cursor: left.length > this.size ? String(items.at(-1)?.seq) : null };
  }
}

type Serving = { listener: Deno.Listener; port: number; accepting: Promise<void> };

const sent = ({ external_id, value }: Change) => gift(value, { external_id });

const byName = ([a = ""]: (string | number)[], [b = ""]: (string | number)[]) => a < b ? -1 : 1;

const http = (status: number, body: string) =>
  `HTTP/1.1 ${status} -\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`;

async function write(conn: Deno.Conn, text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += await conn.write(bytes.subarray(at));
}

/** What is stored of a source, in the order of the names. */
export const storedRows = async (t: App) =>
  (await t.db.query<{ external_id: string; value: number }>(
    `select external_id, metric_value as value from metrics order by external_id collate "C"`,
  )).map(({ external_id, value }) => [external_id, value]);
