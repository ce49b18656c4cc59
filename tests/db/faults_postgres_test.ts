import { deepStrictEqual as equal, rejects } from "node:assert/strict";
import { DatabaseUnavailable, StatementTimeout } from "../../db/client.ts";
import { openPostgres } from "../../db/postgres.ts";
import { calm } from "../support/database.ts";
import { startProxy } from "../support/proxy.ts";

const server = Deno.env.get("DATABASE_URL");

/** A pool behind a proxy, with a timer that the test moves. */
async function behindProxy(
  run: (t: {
    db: ReturnType<typeof openPostgres>;
    proxy: ReturnType<typeof startProxy>;
    pass(ms: number): void;
  }) => Promise<void>,
): Promise<void> {
  const target = new URL(server ?? "");
  const proxy = startProxy({ hostname: target.hostname, port: Number(target.port) });
  let now = 0;
  let sweep = () => {};
  const timer = { now: () => now, every: (_ms: number, fn: () => void) => (sweep = fn, () => {}) };
  target.port = String(proxy.port);
  const db = openPostgres(target.href, { ...calm, max: 3, timer });
  try {
    await run({ db, proxy, pass: (ms) => (now += ms, sweep()) });
  } finally {
    await db.close();
    await proxy.close();
  }
}

const one = [{ one: 1 }];

if (server === undefined) {
  Deno.test("faults of Postgres: skipped, DATABASE_URL is not set", { ignore: true }, () => {});
} else {
  Deno.test("a frozen server fails every waiting statement at the deadline, and the next one finds a thawed server", () =>
    behindProxy(async ({ db, proxy, pass }) => {
      equal(await db.query("select 1 as one"), one);
      proxy.freeze();
      const waiting = [
        db.query("select 2"),
        db.transaction((tx) => tx.query("select 3")),
        db.exec("select 4"),
        db.query("select 5 -- more than the pool has connections"),
      ].map((each) => rejects(each, DatabaseUnavailable));
      pass(11_001);
      await Promise.all(waiting);
      proxy.thaw();
      equal(await db.query("select 1 as one"), one);
    }));

  Deno.test("a statement before its deadline is left alone", () =>
    behindProxy(async ({ db, proxy, pass }) => {
      await db.query("select 1");
      proxy.freeze();
      const waiting = db.query("select 1 as one");
      pass(10_000);
      proxy.thaw();
      equal(await waiting, one);
    }));

  Deno.test("a stopped server is an error at once, and heals by itself when it is back", () =>
    behindProxy(async ({ db, proxy }) => {
      equal(await db.query("select 1 as one"), one);
      proxy.stop();
      await rejects(db.query("select 1"), DatabaseUnavailable);
      await rejects(db.transaction((tx) => tx.query("select 1")), DatabaseUnavailable);
      proxy.start();
      equal(await db.query("select 1 as one"), one);
    }));

  Deno.test("a transaction whose connection breaks rejects, and nothing of it is kept", () =>
    behindProxy(async ({ db, proxy }) => {
      await db.exec("drop table if exists half_written; create table half_written (n int)");
      const broken = db.transaction(async (tx) => {
        await tx.query("insert into half_written values (1)");
        proxy.stop();
        await tx.query("insert into half_written values (2)");
      });
      await rejects(broken, DatabaseUnavailable);
      proxy.start();
      equal(await db.query("select n from half_written"), []);
      await db.exec("drop table half_written");
    }));

  Deno.test("a backend that is killed loses its statement alone", () =>
    behindProxy(async ({ db }) => {
      await rejects(db.query("select pg_terminate_backend(pg_backend_pid())"), DatabaseUnavailable);
      equal(await db.query("select 1 as one"), one);
    }));

  Deno.test("a statement over the server's limit is a timeout, not an outage", async () => {
    const db = openPostgres(server, { ...calm, max: 1, statement_timeout_ms: 20 });
    try {
      await rejects(db.query("select pg_sleep(5)"), StatementTimeout);
      equal(await db.query("select 1 as one"), one);
    } finally {
      await db.close();
    }
  });

  Deno.test("a parameter that the driver would change in silence is refused", async () => {
    const db = openPostgres(server, { ...calm, max: 1 });
    try {
      const params = [undefined] as unknown as string[]; // what a caller without types might pass
      await rejects(db.query("select $1::text", params), TypeError);
    } finally {
      await db.close();
    }
  });

  Deno.test("a listener hears what others notify, and hears again after its connection was lost", () =>
    behindProxy(async ({ db }) => {
      let heard = (_payload: string) => {};
      db.listen("ledger", (payload) => heard(payload));
      const word = async (payload: string): Promise<void> => {
        const { promise, resolve } = Promise.withResolvers<void>();
        heard = (said) => said === payload && resolve();
        let waiting = true;
        promise.then(() => waiting = false);
        // It listens from soon on: until it does, what is said is lost, so it is said again.
        while (waiting) await db.query("select pg_notify('ledger', $1)", [payload]).catch(() => {});
        await promise;
      };
      await word("first");
      const lost = await db.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and query ilike 'listen%'`,
      );
      equal(lost.length, 1);
      await word("second");
    }));
}
