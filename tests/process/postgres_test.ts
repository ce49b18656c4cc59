import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { openPostgres } from "../../db/postgres.ts";
import { calm } from "../support/database.ts";
import { gift, post, startService } from "./service.ts";

const server = Deno.env.get("DATABASE_URL");

/** An empty database of its own. */
async function withDatabase(name: string, test: (url: string) => Promise<void>): Promise<void> {
  const admin = openPostgres(server ?? "", { ...calm, max: 1 });
  try {
    await admin.exec(`drop database if exists ${name} with (force)`);
    await admin.exec(`create database ${name}`);
    const url = new URL(server ?? "");
    url.pathname = `/${name}`;
    await test(url.href);
    await admin.exec(`drop database ${name} with (force)`);
  } finally {
    await admin.close();
  }
}

if (server === undefined) {
  Deno.test("processes on Postgres: skipped, DATABASE_URL is not set", { ignore: true }, () => {});
} else {
  Deno.test("two instances start at once on an empty database, share it, and a request is answered once", () =>
    withDatabase("analytics_test_process", async (DATABASE_URL) => {
      const [a, b] = await Promise.all([startService({ DATABASE_URL }), startService({ DATABASE_URL })]);
      equal((await post(a.origin, "/api/v1/metrics", gift("g-1"))).status, 201);
      equal((await post(b.origin, "/api/v1/metrics", gift("g-1"))).status, 200);

      // 50 identical requests with one key, on two instances: one effect, the rest the same answer or 409
      const goal = {
        name: "Once",
        metric_type: "donation",
        target_value: 10,
        unit: "USD",
        start_date: "2025-01-01",
        end_date: "2025-12-31",
      };
      const answers = await Promise.all(Array.from({ length: 50 }, async (_, i) => {
        const response = await fetch(`${(i % 2 === 0 ? a : b).origin}/api/v1/goals`, {
          method: "POST",
          headers: { "content-type": "application/json", "idempotency-key": "goal-1" },
          body: JSON.stringify(goal),
        });
        return { status: response.status, text: await response.text() };
      }));
      const made = answers.filter(({ status }) => status === 201);
      ok(made.length >= 1 && new Set(made.map(({ text }) => text)).size === 1);
      equal([...new Set(answers.map(({ status }) => status))].filter((status) => status !== 201 && status !== 409), []);
      const list = await (await fetch(`${a.origin}/api/v1/goals`)).json();
      equal(list.total, 1);

      for (const instance of [a, b]) instance.kill("SIGTERM");
      equal(await Promise.all([a.ended, b.ended]), [0, 0]);
    }));

  Deno.test("an instance that is asked to end says that it is not ready, answers what is under way, and ends with 0", () =>
    withDatabase("analytics_test_drain", async (DATABASE_URL) => {
      const service = await startService({ DATABASE_URL, HOST: "127.0.0.1" });
      const ready = async () => {
        const response = await fetch(`${service.origin}/api/v1/health/ready`);
        return { status: response.status, accepting: (await response.json()).checks.accepting };
      };
      equal((await ready()).accepting, "ok");
      const underway = post(service.origin, "/api/v1/metrics", Array.from({ length: 2_000 }, (_, i) => gift(`d-${i}`)));
      service.kill("SIGTERM");
      equal((await underway).body.accepted, 2_000);
      equal(await ready(), { status: 503, accepting: "failed" });
      equal(await service.ended, 0);
    }));

  Deno.test("a kill in the middle of ingest leaves each batch whole or absent, and the roll-ups true", () =>
    withDatabase("analytics_test_kill", async (DATABASE_URL) => {
      const service = await startService({ DATABASE_URL });
      const batch = (b: number) => Array.from({ length: 500 }, (_, i) => gift(`b${b}-${i}`));
      const sending = Array.from(
        { length: 8 },
        (_, b) =>
          post(service.origin, "/api/v1/metrics", batch(b)).then(({ status }) => status === 200 ? b : null, () => null),
      );
      await Promise.race(sending); // as soon as one is acknowledged
      service.kill("SIGKILL");
      const acknowledged = (await Promise.all(sending)).filter((b) => b !== null);
      await service.ended;

      const db = openPostgres(DATABASE_URL, { ...calm, max: 1 });
      try {
        const rows = await db.query<{ batch: string; n: number }>(
          "select split_part(external_id, '-', 1) as batch, count(*)::int as n from metrics group by 1 order by 1",
        );
        for (const { batch, n } of rows) equal(n, 500, `${batch} is half written`);
        for (const b of acknowledged) ok(rows.some(({ batch }) => batch === `b${b}`), `b${b} was acknowledged`);
        equal(await db.query("select * from ops.rollup_differences()"), []);
      } finally {
        await db.close();
      }
    }));
}
