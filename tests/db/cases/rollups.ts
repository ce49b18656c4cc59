import { deepStrictEqual as equal, notDeepStrictEqual as differ, rejects } from "node:assert/strict";
import fc from "fast-check";
import type { Db } from "../../../db/client.ts";
import type { Cases } from "../engine.ts";

/** A reading as the tests write it. Ids are numbers, so that a failing run can be read and run again. */
export type Reading = {
  id: number;
  series: number;
  value: number;
  unit: string | null;
  dimensions: Record<string, string | number | null>;
  minute: number;
  day_off: number;
  external_id: string | null;
};

/** A free name, two gauges (one by two dimensions), a flow with people in it, and one that the tests define anew. */
const SERIES = [
  ["auth", "engagement", "logins"],
  ["social_media", "engagement", "followers"],
  ["partners_crm", "partner", "partner_active"],
  ["partners_crm", "donation", "donation_received"],
  ["content", "conversion", "sign_up"],
] as const;

/** The number of each series. */
export const ALL_SERIES = [...SERIES.keys()];

const SENT = `
  select ('00000000-0000-7000-8000-' || lpad(r.id::text, 12, '0'))::uuid, (s ->> 0)::service_name, (s ->> 1)::metric_type,
    s ->> 2, r.value, r.unit, r.dimensions, at, (at at time zone 'UTC')::date + r.day_off, r.external_id
  from jsonb_to_recordset($1::text::jsonb) as r (id bigint, series int, value float8, unit text, dimensions jsonb, minute int,
    day_off int, external_id text),
    lateral (select $2::text::jsonb -> r.series, timestamptz '2025-03-30 20:00Z' + r.minute * interval '1 minute') as x (s, at)`;

const COLUMNS = `id, service_name, metric_type, metric_name, metric_value, metric_unit, dimensions, "timestamp", date,
  external_id`;

/** Stores readings in one statement; known external ids are corrected. */
export async function put(db: Db, readings: readonly Reading[]): Promise<void> {
  await db.query(
    `insert into metrics as m (${COLUMNS}) ${SENT} order by r.external_id, r.id
     on conflict (service_name, external_id) where external_id is not null do update set
       metric_type = excluded.metric_type, metric_name = excluded.metric_name, metric_value = excluded.metric_value,
       metric_unit = excluded.metric_unit, dimensions = excluded.dimensions, "timestamp" = excluded."timestamp",
       date = excluded.date
     where (m.metric_value, m.dimensions, m."timestamp") is distinct from
       (excluded.metric_value, excluded.dimensions, excluded."timestamp")`,
    [JSON.stringify(readings), JSON.stringify(SERIES)],
  );
}

/** One statement may not touch an external id of a service twice: the last of twins stays. */
export function withoutTwins(readings: readonly Reading[]): Reading[] {
  return [...new Map(readings.map((one) => [`${SERIES[one.series]?.[0]} ${one.external_id ?? one.id}`, one])).values()];
}

/** Takes the locks of series, as an ingest does. */
export async function lock(tx: Db, series: readonly number[]): Promise<void> {
  const column = (at: 0 | 1 | 2) => `{${series.map((i) => SERIES[i]?.[at]).join(",")}}`;
  await tx.query("select ops.lock_series($1::text::text[], $2::text::text[], $3::text::text[])", [
    column(0),
    column(1),
    column(2),
  ]);
}

/** What the roll-ups get wrong; nothing when they are true. */
export async function differences(db: Db): Promise<unknown[]> {
  return await db.query("select * from ops.rollup_differences() limit 3");
}

const value = fc.oneof(
  fc.integer({ min: -50, max: 50 }),
  fc.integer({ min: -9_999_999, max: 9_999_999 }).map((cents) => cents / 100),
  fc.double({ min: -1e15, max: 1e15, noNaN: true }),
  fc.constantFrom(
    0,
    -0,
    1e15,
    -1e15,
    1e-7,
    0.1 + 0.2,
    1 / 3,
    3e7,
    30_000_000.01,
    29_999_999.99,
    4e9,
    123_456_789.25,
    5e-324,
  ),
);
const dimensions = fc.record({
  platform: fc.constantFrom("x", "y", "", 5, null),
  partner_id: fc.constantFrom("p1", "p2", "p".repeat(600), 7, ""),
  partner_type: fc.constantFrom("person", "trust"),
  country: fc.constantFrom("DE", "FR"),
}, { requiredKeys: [] });

/** Readings of two days in few buckets, often at the same minute, so that every edge is met. */
export const reading = fc.record({
  series: fc.nat({ max: SERIES.length - 1 }),
  value,
  unit: fc.constantFrom(null, null, "USD"),
  dimensions,
  minute: fc.oneof(fc.constantFrom(0, 59, 60, 239, 240), fc.nat({ max: 600 })),
  day_off: fc.constantFrom(0, 0, 0, -1, 1),
  external_id: fc.option(fc.nat({ max: 12 }).map((n) => `e${n}`)),
});

const someOf = fc.record({ of: fc.integer({ min: 1, max: 5 }), at: fc.nat({ max: 4 }) });

/** One statement that changes metrics or what their names mean. */
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant("put" as const), readings: fc.array(reading, { maxLength: 12 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("copy" as const), rows: fc.integer({ min: 1, max: 200 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("correct" as const), some: someOf, value, dimensions }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("move" as const), some: someOf, minutes: fc.nat({ max: 1500 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("rename" as const), some: someOf, to: fc.nat({ max: 4 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("remove" as const), some: someOf }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("define" as const),
      kind: fc.constantFrom("flow", "gauge", "undefined"),
      key: fc.constantFrom("platform", "country", null),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const SOME = "right(id::text, 8)::int % $1 = $2 % $1";

async function perform(db: Db, step: Step, number: () => number): Promise<void> {
  switch (step.do) {
    case "put": {
      return await put(db, withoutTwins(step.readings.map((one) => ({ ...one, id: number() }))));
    }
    case "copy": {
      const row = (n: number) => ({
        series: n % 5,
        value: n / 4,
        unit: null,
        dimensions: { platform: "x", country: n % 3 },
      });
      return await put(
        db,
        Array.from(
          { length: step.rows },
          (_, n) => ({ ...row(n), id: number(), minute: n, day_off: 0, external_id: null }),
        ),
      );
    }
    case "correct":
      return void await db.query(
        `update metrics set metric_value = $3, dimensions = $4::text::jsonb, version = version + 1 where ${SOME}`,
        [step.some.of, step.some.at, step.value, JSON.stringify(step.dimensions)],
      );
    case "move":
      return void await db.query(
        `update metrics set "timestamp" = "timestamp" + $3::int * interval '1 minute',
           date = ("timestamp" + $3::int * interval '1 minute')::date where ${SOME}`,
        [step.some.of, step.some.at, step.minutes],
      );
    case "rename": {
      const [service, type, name] = SERIES[step.to] ?? SERIES[0];
      return void await db.query(
        `update metrics set service_name = $3::text::service_name, metric_type = $4::text::metric_type, metric_name = $5,
           external_id = null where ${SOME}`,
        [step.some.of, step.some.at, service, type, name],
      );
    }
    case "remove":
      return void await db.query(`delete from metrics where ${SOME}`, [step.some.of, step.some.at]);
    case "define":
      return await define(db, step.kind, step.key);
  }
}

/** Says anew what `sign_up` means. */
async function define(db: Db, kind: string, key: string | null): Promise<void> {
  if (kind === "undefined") {
    await db.exec("delete from ops.metric_definitions where metric_name = 'sign_up'");
    return;
  }
  await db.query(
    `insert into ops.metric_definitions (service_name, metric_type, metric_name, kind, series_key, entity_key)
     values ('content', 'conversion', 'sign_up', $1, array_remove(array[$2::text], null), $3)
     on conflict (service_name, metric_type, metric_name) do update
       set kind = excluded.kind, series_key = excluded.series_key, entity_key = excluded.entity_key`,
    [kind, kind === "gauge" ? key : null, kind === "flow" ? key : null],
  );
}

function counter(): () => number {
  let last = 0;
  return () => ++last;
}

const row = (id: number, series: number, value: number, minute: number, more: Partial<Reading> = {}): Reading => ({
  ...{ id, series, value, minute, unit: null, dimensions: {}, day_off: 0, external_id: null },
  ...more,
});

const VERSION = `
  select count(*)::int as n, sum(changed)::text as changed from ops.metric_rollups
  where metric_name = 'logins' and grain = 'd'`;

/** The roll-ups against what the rows say. */
export const rollupCases: Cases = {
  "readings add up by day and by hour, to the last cent": ({ onMigrated }) =>
    onMigrated(async (tx) => {
      await put(tx, [row(1, 0, 0.1, 0), row(2, 0, 0.2, 59), row(3, 0, 5, 60), row(4, 0, -1, 240, { unit: "USD" })]);
      const rows = await tx.query(
        `select metric_unit, grain, bucket, n, trim_scale(sum)::text as sum, trim_scale(sumsq)::text as sumsq, min, max, last
         from ops.metric_rollups order by metric_unit, grain, bucket`,
      );
      equal(rows, [
        {
          metric_unit: "",
          grain: "d",
          bucket: "2025-03-30T00:00:00",
          n: "3",
          sum: "5.3",
          sumsq: "25.05",
          min: 0.1,
          max: 5,
          last: 5,
        },
        {
          metric_unit: "",
          grain: "h",
          bucket: "2025-03-30T20:00:00",
          n: "2",
          sum: "0.3",
          sumsq: "0.05",
          min: 0.1,
          max: 0.2,
          last: 0.2,
        },
        {
          metric_unit: "",
          grain: "h",
          bucket: "2025-03-30T21:00:00",
          n: "1",
          sum: "5",
          sumsq: "25",
          min: 5,
          max: 5,
          last: 5,
        },
        {
          metric_unit: "USD",
          grain: "d",
          bucket: "2025-03-31T00:00:00",
          n: "1",
          sum: "-1",
          sumsq: "1",
          min: -1,
          max: -1,
          last: -1,
        },
        {
          metric_unit: "USD",
          grain: "h",
          bucket: "2025-03-31T00:00:00",
          n: "1",
          sum: "-1",
          sumsq: "1",
          min: -1,
          max: -1,
          last: -1,
        },
      ]);
    }),

  "a gauge keeps the last value of each series and day, and falls back when that is deleted": ({ onMigrated }) =>
    onMigrated(async (tx) => {
      const on = (platform: string | null) => ({ dimensions: { platform } });
      await put(tx, [
        row(1, 1, 10, 0, on("x")),
        row(2, 1, 12, 5, on("x")),
        row(3, 1, 7, 3, on("y")),
        row(4, 1, 9, 3, on(null)),
        row(5, 1, 1, 3, on(null)), // at the same instant the later id is the last
      ]);
      const levels = () => tx.query('select series, day::text, last from ops.gauge_series order by series collate "C"');
      const day = "2025-03-30";
      const rest = [{ series: '["y"]', day, last: 7 }, { series: "[null]", day, last: 1 }];
      equal(await levels(), [{ series: '["x"]', day, last: 12 }, ...rest]);
      await tx.exec("delete from metrics where metric_value = 12");
      equal(await levels(), [{ series: '["x"]', day, last: 10 }, ...rest]);
      await tx.exec("delete from metrics where metric_value = 10");
      equal(await levels(), rest);
    }),

  "people have their days, and a row that names nobody has none": ({ onMigrated }) =>
    onMigrated(async (tx) => {
      const by = (partner_id: string | number) => ({ unit: "USD", dimensions: { partner_id } });
      await put(tx, [
        row(1, 3, 5, 0, by("ann")),
        row(2, 3, 2.5, 9, by("ann")),
        row(3, 3, 1, 9, by(7)),
        row(4, 3, 9, 9, by("")),
      ]);
      const days = () => tx.query("select entity_id, n, sum::float8 from ops.entity_days order by entity_id");
      equal(await days(), [{ entity_id: "7", n: "1", sum: 1 }, { entity_id: "ann", n: "2", sum: 7.5 }]);
      await tx.exec("delete from metrics where metric_value in (1, 5)");
      equal(await days(), [{ entity_id: "ann", n: "1", sum: 2.5 }]);
    }),

  "roll-ups equal a recount after any statements": ({ onMigrated, kind }) =>
    onMigrated(async (tx) => {
      const property = fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 10 }), async (steps) => {
        await undone(tx, async (run) => {
          const number = counter();
          for (const each of steps) {
            await perform(run, each, number);
            equal(await differences(run), []);
          }
          await run.exec("select ops.rebuild_rollups()");
          equal(await differences(run), []);
        });
      });
      await fc.assert(property, {
        seed: 20_250_330,
        numRuns: kind === "postgres" ? 40 : 30,
        interruptAfterTimeLimit: 60_000,
      });
    }),

  "the recount sees a roll-up that lies": ({ onMigrated }) =>
    onMigrated(async (tx) => {
      const partner = { dimensions: { partner_id: "ann" } };
      await put(tx, [row(1, 0, 1, 0), row(2, 1, 1, 0), row(3, 3, 1, 0, partner)]);
      equal(await differences(tx), []);
      for (
        const lie of [
          "update ops.metric_rollups set sum = sum + 0.01 where grain = 'h' and metric_name = 'logins'",
          "update ops.metric_rollups set max = 2 where grain = 'd' and metric_name = 'logins'",
          "delete from ops.gauge_series",
          "update ops.entity_days set day = day + 1",
          "insert into ops.gauge_series select service_name, metric_type, metric_name, '', '[1]', day, 1, last_at, last_id from ops.gauge_series",
        ]
      ) {
        await undone(tx, async (run) => {
          await run.exec(lie);
          differ(await differences(run), []);
          await run.exec("select ops.rebuild_rollups()");
          equal(await differences(run), []);
        });
      }
    }),

  "the version of a series changes with each of its rows, and with nothing else": ({ onMigrated }) =>
    onMigrated(async (tx) => {
      const seen = [await tx.query(VERSION)];
      const expectNew = async (why: string, text: string | Reading[]) => {
        await (typeof text === "string" ? tx.exec(text) : put(tx, text));
        const version = await tx.query(VERSION);
        for (const old of seen) differ(version, old, why);
        seen.push(version);
      };
      await expectNew("insert", [row(1, 0, 1, 0, { external_id: "a" })]);
      await expectNew("another bucket", [row(2, 0, 1, 1440)]);
      await expectNew("correction", [row(3, 0, 2, 0, { external_id: "a" })]);
      await expectNew("dimensions alone", `update metrics set dimensions = '{"a": 1}' where external_id = 'a'`);
      await expectNew("deletion", "delete from metrics where external_id is null");
      await expectNew("the same row again", [row(4, 0, 1, 1440)]);
      const last = await tx.query(VERSION);
      await put(tx, [row(5, 0, 2, 0, { external_id: "a", dimensions: { a: 1 } })]); // a replay
      await put(tx, [row(6, 1, 2, 0)]);
      equal(await tx.query(VERSION), last);
    }),

  "retention deletes rows and keeps their roll-ups, and later corrections stay right": ({ onMigrated }) =>
    onMigrated(async (tx) => {
      const days = Array.from(
        { length: 60 },
        (_, i) => row(i + 1, i % 5, i / 8, i * 144, { dimensions: { partner_id: "ann" } }),
      );
      await put(tx, days);
      const kept = () =>
        tx.query("select * from ops.metric_rollups where bucket < '2025-04-02' order by 1, 2, 3, 4, 5, 6");
      const before = await kept();
      await tx.exec(`
        insert into ops.settings (key, value) values ('detail_floor', '2025-04-02');
        select set_config('ops.keep_rollups', 'on', true);
        delete from metrics where date < '2025-04-02';
        select set_config('ops.keep_rollups', '', true)`);
      equal(await kept(), before);
      equal(await differences(tx), []);
      await tx.exec("select ops.rebuild_rollups()");
      equal(await kept(), before);
      equal(await differences(tx), []);
      await put(tx, [row(100, 0, 1, 4320)]);
      await tx.exec("delete from metrics where right(id::text, 2)::int % 2 = 0");
      equal(await differences(tx), []);
      await rejects(tx.transaction((own) => own.exec("truncate metrics")), /cannot be truncated/);
    }),

  "an hour that lost rows to retention keeps its extremes when another row goes": ({ onMigrated }) =>
    onMigrated(async (tx) => {
      await put(tx, [row(1, 0, 1, 0, { day_off: -1 }), row(2, 0, 5, 1), row(3, 0, 3, 2)]);
      await tx.exec(`
        select set_config('ops.keep_rollups', 'on', true);
        delete from metrics where date < '2025-03-30';
        select set_config('ops.keep_rollups', '', true);
        delete from metrics where metric_value = 3`);
      const hour = "select n, sum::float8, min, max, last from ops.metric_rollups where grain = 'h'";
      equal(await tx.query(hour), [{ n: "2", sum: 6, min: 1, max: 5, last: 3 }]);
      await tx.exec("delete from metrics where metric_value = 5");
      equal(await tx.query(hour), [{ n: "1", sum: 1, min: 1, max: 5, last: 3 }]);
    }),

  "truncating the metrics empties the roll-ups": ({ onMigrated }) =>
    onMigrated(async (tx) => {
      await put(tx, [row(1, 1, 1, 0), row(2, 3, 1, 0, { dimensions: { partner_id: "ann" } })]);
      await tx.exec("truncate metrics");
      equal(await differences(tx), []);
      equal(await tx.query("select 1 from ops.metric_rollups"), []);
    }),

  "a date far from its timestamp is refused": ({ onMigrated }) =>
    onMigrated(async (tx) => {
      await put(tx, [row(1, 0, 1, 0, { day_off: 2 }), row(2, 0, 1, 0, { day_off: -2 })]);
      await rejects(
        tx.transaction((own) => put(own, [row(3, 0, 1, 0, { day_off: 3 })])),
        /metrics_date_near_timestamp/,
      );
    }),
};

const UNDO = Symbol("undo");

/** Runs a part of a test in a savepoint and takes it back. */
async function undone(tx: Db, part: (run: Db) => Promise<void>): Promise<void> {
  await tx.transaction(async (run): Promise<void> => {
    await part(run);
    throw UNDO;
  }).catch((error) => {
    if (error !== UNDO) throw error;
  });
}
