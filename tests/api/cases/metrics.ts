import { deepStrictEqual as equal, match } from "node:assert/strict";
import { anonymous, type App, appOver, bearer } from "../../support/app.ts";
import { gift, PATH, reader, send } from "../../support/gifts.ts";
import { metricAnalyticsCases } from "./metric_analytics.ts";
import { metricCatalogCases } from "./metric_catalog.ts";
import { metricComparisonsCases } from "./metric_comparisons.ts";
import { metricSmallCellsCases } from "./metric_small_cells.ts";
import { metricSummariesCases } from "./metric_summaries.ts";
import { metricZonesCases } from "./metric_zones.ts";

/** A list's values, in its order. */
const valuesOf = (page: { items: { metric_value: number }[] }) => page.items.map((one) => one.metric_value);

/** Sending, reading, listing and deleting metrics. */
const storedCases: Record<string, (t: App) => Promise<void>> = {
  async "a metric is stored and answered as it is stored"(t) {
    const body = gift({ dimensions: { campaign: "spring", recurring: true, size: 3 }, external_id: "g-1" });
    const response = await t.request("POST", PATH, { body });
    equal(response.status, 201);
    const metric = await response.json();
    equal(response.headers.get("location"), `${PATH}/${metric.id}`);
    equal(metric, {
      ...{ id: metric.id, service_name: "partners_crm", metric_type: "donation", metric_name: "donation_received" },
      ...{ metric_value: 250, metric_unit: "USD", dimensions: { campaign: "spring", recurring: true, size: 3 } },
      ...{ timestamp: "2025-12-20T10:15:00Z", date: "2025-12-20", external_id: "g-1", metadata: {}, version: 1 },
      ...{ created_at: "2025-12-24T12:00:00Z", updated_at: "2025-12-24T12:00:00Z" },
    });
    equal(await t.json("GET", `${PATH}/${metric.id}`, 200), metric);
  },
  async "a metric that is sent again is a 200 with the stored row, and a changed one updates it"(t) {
    const first = await t.json("POST", PATH, 201, { body: gift({ external_id: "g-1" }) });
    await t.setNow("2025-12-24T13:00:00Z");
    equal(await t.json("POST", PATH, 200, { body: gift({ external_id: "g-1" }) }), first);
    const changed = await t.json("POST", PATH, 200, { body: gift({ external_id: "g-1", metric_value: 300 }) });
    equal(changed, { ...first, metric_value: 300, version: 2, updated_at: "2025-12-24T13:00:00Z" });
  },
  async "a resend without a time keeps the stored time"(t) {
    const sent = gift({ external_id: "g-1" });
    await t.json("POST", PATH, 201, { body: sent });
    const { timestamp: _, ...timeless } = sent;
    const again = await t.json("POST", PATH, 200, { body: timeless });
    equal([again.version, again.timestamp, again.date], [1, "2025-12-20T10:15:00Z", "2025-12-20"]);
  },
  async "value is another name for metric_value; both or none are refused"(t) {
    const { metric_value: _, ...bare } = gift();
    const metric = await t.json("POST", PATH, 201, { body: { ...bare, value: 7 } });
    equal([metric.metric_value, metric.value], [7, undefined]);
    for (const body of [bare, { ...gift(), value: 7 }]) {
      const { errors } = await t.json("POST", PATH, 422, { body });
      equal(errors, [{ pointer: "/metric_value", detail: "give metric_value or value, and not both" }]);
    }
  },
  async "a date alone is that local midnight, and nothing at all is now"(t) {
    const india = appOver(t.db, t.ctx.engine, { ORG_TIMEZONE: "Asia/Kolkata" });
    const { timestamp: _, ...timeless } = gift();
    const dated = await india.json("POST", PATH, 201, { body: { ...timeless, date: "2025-12-20" } });
    equal([dated.timestamp, dated.date], ["2025-12-19T18:30:00Z", "2025-12-20"]); // 00:00 at +05:30
    await t.setNow("2025-12-24T20:00:00Z");
    const now = await india.json("POST", PATH, 201, { body: timeless });
    equal([now.timestamp, now.date], ["2025-12-24T20:00:00Z", "2025-12-25"]); // 01:30 of the next day
    const late = await india.json("POST", PATH, 201, { body: gift({ timestamp: "2025-12-20T23:59:00-02:00" }) });
    equal([late.timestamp, late.date], ["2025-12-21T01:59:00Z", "2025-12-21"]);
  },
  async "a date may differ from the timestamp's by a day, and no more"(t) {
    for (const date of ["2025-12-19", "2025-12-20", "2025-12-21"]) {
      equal((await t.json("POST", PATH, 201, { body: gift({ date }) })).date, date);
    }
    const { errors } = await t.json("POST", PATH, 422, { body: gift({ date: "2025-12-22" }) });
    equal(errors, [{ pointer: "/date", detail: "must be within a day of the timestamp's local date, 2025-12-20" }]);
  },
  async "an offset that only RFC 3339 knows is taken as it is meant"(t) {
    const metric = await t.json("POST", PATH, 201, { body: gift({ timestamp: "2025-12-20T10:00:00+23:30" }) });
    equal(metric.timestamp, "2025-12-19T10:30:00Z");
  },
  async "a batch says what became of each row"(t) {
    await send(t, [gift({ external_id: "old" }), gift({ external_id: "same" })]);
    const answer = await t.json("POST", PATH, 200, {
      body: [
        gift({ external_id: "new" }),
        gift({ external_id: "old", metric_value: 1 }),
        gift({ external_id: "same" }),
        gift({ metric_value: "12" }),
        gift({ metric_type: "donations", timestamp: "2025-02-30T00:00:00Z" }),
        gift({ metric_name: "donation_pledged" }),
        7,
      ],
    });
    equal([answer.accepted, answer.updated, answer.duplicates], [2, 1, 1]);
    equal(answer.rejected.map((one: { index: number }) => one.index), [3, 4, 6]);
    equal(answer.rejected[0].errors, [
      { pointer: "/metric_value", detail: "must be a number, not a string" },
    ]);
    equal(answer.rejected[1].errors.map((one: { pointer: string }) => one.pointer), ["/metric_type", "/timestamp"]);
    equal(answer.rejected[2].errors, [{ pointer: "", detail: "must be an object" }]);
    equal(answer.warnings, [
      '"donation_pledged" is not defined for partners_crm / donation; it is taken as a flow',
    ]);
  },
  async "names of conversions and revenue are free, so none is a surprise"(t) {
    const metric = await t.json("POST", PATH, 201, { body: gift({ metric_type: "revenue", metric_name: "tickets" }) });
    equal(metric.warnings, undefined);
    const unknown = await t.json("POST", PATH, 201, { body: gift({ metric_name: "tickets" }) });
    equal(unknown.warnings.length, 1);
  },
  async "of twins in a batch the last counts, within one service"(t) {
    const rows = [1, 2, 3].map((metric_value) => gift({ external_id: "twin", metric_value }));
    const other = gift({ external_id: "twin", service_name: "projects", metric_type: "conversion" });
    const { accepted, updated, duplicates } = await t.json("POST", PATH, 200, { body: [...rows, other] });
    equal([accepted, updated, duplicates], [2, 0, 2]);
    const stored = async () => valuesOf(await t.json("GET", `${PATH}?service_name=partners_crm`, 200));
    equal(await stored(), [3]);
    const again = [4, 5, 6].map((metric_value) => gift({ external_id: "twin", metric_value }));
    const answer = await t.json("POST", PATH, 200, { body: again });
    equal([answer.accepted, answer.updated, answer.duplicates], [0, 1, 2]);
    equal(await stored(), [6]);
    const atomic = await t.json("POST", `${PATH}?atomic=true`, 200, { body: [...again, ...rows] });
    equal([atomic.accepted, atomic.updated, atomic.duplicates], [0, 1, 5]);
    equal(await stored(), [3]);
  },
  async "lines of JSON are a batch, and a bad line is a bad row"(t) {
    const body = `${JSON.stringify(gift())}\n\n{"service_name":\r\n${JSON.stringify(gift({ metric_value: 2 }))}\n`;
    const headers = { "content-type": "application/x-ndjson" };
    const answer = await t.json("POST", PATH, 200, { body, headers });
    equal(answer.accepted, 2);
    equal(answer.rejected, [{ index: 1, errors: [{ pointer: "", detail: "is not valid JSON" }] }]);
  },
  async "an atomic batch is stored as a whole or not at all"(t) {
    const bad = [gift(), gift(), gift(), gift({ metric_value: null })];
    const { detail, errors } = await t.json("POST", `${PATH}?atomic=true`, 422, { body: bad });
    equal(detail, "1 row is not valid; nothing was stored");
    equal(errors.map((one: { pointer: string }) => one.pointer), ["/3/metric_value"]);
    equal((await t.json("GET", PATH, 200)).total, 0);
    const one = await t.json("POST", `${PATH}?atomic=true`, 422, { body: bad[3] });
    equal(one.errors[0].pointer, "/metric_value");
    const good = await t.json("POST", `${PATH}?atomic=true`, 200, { body: bad.slice(0, 3) });
    equal(good.accepted, 3);
  },
  async "an empty batch stores nothing, and one of 10,001 rows is refused"(t) {
    equal((await t.json("POST", PATH, 200, { body: [] })).accepted, 0);
    const { detail } = await t.json("POST", PATH, 422, { body: Array.from({ length: 10_001 }, () => 1) });
    equal(detail, "A batch has at most 10000 rows");
  },
  async "a batch keeps the order of its rows in their ids"(t) {
    await send(t, Array.from({ length: 40 }, (_, i) => gift({ metric_value: i })));
    const { items } = await t.json("GET", PATH, 200);
    equal(items.map((one: { metric_value: number }) => one.metric_value), Array.from({ length: 40 }, (_, i) => 39 - i));
  },
  async "what no store can hold, and what nobody meant, is refused by name"(t) {
    const wrong: [Record<string, unknown> | string, string][] = [
      [gift({ metric_name: "a\0b" }), "/metric_name"],
      [JSON.stringify(gift()).replace("donation_received", "\\ud800"), "/metric_name"],
      [gift({ dimensions: { "a\0": 1 } }), "/dimensions/a\0"],
      [gift({ dimensions: { a: "\0" } }), "/dimensions/a"],
      [gift({ dimensions: { a: { b: 1 } } }), "/dimensions/a"],
      [gift({ dimensions: { a: "x".repeat(256) } }), "/dimensions/a"],
      [gift({ dimensions: Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`k${i}`, i])) }), "/dimensions"],
      [gift({ metric_value: 1.1e15 }), "/metric_value"],
      [JSON.stringify(gift()).replace("250", "1e400"), "/metric_value"],
      [gift({ timestamp: "2025-12-20" }), "/timestamp"],
      [gift({ timestamp: "1969-12-31T23:59:59Z" }), "/timestamp"],
      [gift({ timestamp: "0000-01-01T00:00:00Z" }), "/timestamp"],
      [gift({ date: "2101-01-01" }), "/date"],
      [gift({ metric_unit: "" }), "/metric_unit"],
      [gift({ external_id: "x".repeat(256) }), "/external_id"],
      [gift({ id: "123e4567-e89b-12d3-a456-426614174000" }), "/id"],
    ];
    for (const [body, pointer] of wrong) {
      const { errors } = await t.json("POST", PATH, 422, { body });
      equal(errors.map((one: { pointer: string }) => one.pointer), [pointer]);
      const batch = typeof body === "string" ? `[${body}]` : [body];
      const { accepted, rejected } = await t.json("POST", PATH, 200, { body: batch });
      equal([accepted, rejected[0].errors], [0, errors]);
    }
    const { errors } = await t.json("POST", PATH, 422, { body: gift({ metric_nmae: "x" }) });
    equal(errors, [{ pointer: "/metric_nmae", detail: 'Unknown field "metric_nmae"; did you mean "metric_name"?' }]);
  },
  async "a body that is not JSON is a 400, and one of another type a 415"(t) {
    for (const body of ["{", "[".repeat(100_000), "nonsense"]) await t.json("POST", PATH, 400, { body });
    await t.json("POST", PATH, 400);
    await t.json("POST", PATH, 415, { body: "<x/>", headers: { "content-type": "text/xml" } });
    const { errors } = await t.json("POST", `${PATH}?atomic=maybe&dry=1`, 422, { body: gift() });
    equal(errors.map((one: { pointer: string }) => one.pointer).sort(), ["/query/atomic", "/query/dry"]);
  },
  async "a repeated request with an Idempotency-Key stores once"(t) {
    const ask = { body: [gift(), gift()], headers: { "idempotency-key": "k-1" } };
    const first = await t.json("POST", PATH, 200, ask);
    const second = await t.request("POST", PATH, ask);
    equal([second.headers.get("idempotency-replayed"), await second.json()], ["true", first]);
    equal((await t.json("GET", PATH, 200)).total, 2);
  },
  async "writing needs a token with the scope write"(t) {
    const { id } = await t.json("POST", PATH, 201, { body: gift() });
    await t.json("POST", PATH, 401, { body: gift(), as: anonymous });
    await t.json("POST", PATH, 403, { body: gift(), as: reader });
    await t.json("DELETE", `${PATH}/${id}`, 401, { as: anonymous });
    await t.json("DELETE", `${PATH}/${id}`, 403, { as: reader });
    await t.json("POST", PATH, 201, { body: gift(), as: bearer() });
  },
  async "rows from before retention's floor are refused, and those below it stay"(t) {
    const { id } = await t.json("POST", PATH, 201, { body: gift({ timestamp: "2022-06-01T00:00:00Z" }) });
    await t.db.query("insert into ops.settings (key, value) values ('detail_floor', '2023-01-01')");
    const old = gift({ timestamp: "2022-12-31T23:59:59Z", external_id: "a" });
    const { errors } = await t.json("POST", PATH, 422, { body: old });
    match(errors[0].detail, /^too_old: rows dated before 2023-01-01/);
    const batch = [old, gift({ timestamp: "2023-01-01T00:00:00Z", external_id: "a" }), gift({ date: "2025-12-20" })];
    const answer = await t.json("POST", PATH, 200, { body: batch });
    equal([answer.accepted, answer.duplicates, answer.rejected[0].index], [2, 0, 0]);
    await t.json("POST", `${PATH}?atomic=true`, 422, { body: [gift(), old] });
    const problem = await t.json("DELETE", `${PATH}/${id}`, 409);
    equal(problem.type, "urn:problem:invalid_state");
  },
  async "a deleted metric leaves the numbers and is gone"(t) {
    const { id } = await t.json("POST", PATH, 201, { body: gift() });
    await t.json("POST", PATH, 201, { body: gift({ metric_value: 1 }) });
    await t.json("DELETE", `${PATH}/${id}`, 412, { headers: { "if-match": '"9.f"' } });
    await t.json("DELETE", `${PATH}/${id}`, 204, { headers: { "if-match": '"1.f"' } });
    await t.json("GET", `${PATH}/${id}`, 404);
    await t.json("DELETE", `${PATH}/${id}`, 404);
    const { items } = await t.json("GET", `${PATH}/aggregate/statistics`, 200);
    equal(items[0].values, { count: 1, sum: 1, avg: 1, min: 1, max: 1 });
  },
  async "a held copy is not sent again, and an id that is none is refused"(t) {
    const { id } = await t.json("POST", PATH, 201, { body: gift({ external_id: "g-1" }) });
    const held = { headers: { "if-none-match": '"1.f"' } };
    equal((await t.request("GET", `${PATH}/${id}`, held)).status, 304);
    equal((await t.request("GET", `${PATH}/${id}`, { ...held, as: anonymous })).status, 200);
    await t.json("POST", PATH, 200, { body: gift({ external_id: "g-1", metric_value: 2 }) });
    equal((await t.request("GET", `${PATH}/${id}`, held)).headers.get("etag"), '"2.f"');
    await t.json("GET", `${PATH}/123e4567-e89b-12d3-a456-426614174000`, 404);
    await t.json("GET", `${PATH}/nonsense`, 422);
    await t.json("GET", `${PATH}/${id}?x=1`, 422);
  },
  async "anonymous readers see of a reading that names a person nothing but that it is there"(t) {
    const dimensions = { partner_id: "p-1", Email: "a@example.org", country: "KE" };
    const { id } = await t.json("POST", PATH, 201, { body: gift({ dimensions, external_id: "secret" }) });
    const metric = await t.json("GET", `${PATH}/${id}`, 200, { as: anonymous });
    equal([metric.metric_value, metric.dimensions, metric.external_id, metric.metadata], [null, {}, null, null]);
    const { items } = await t.json("GET", `${PATH}?dimension.country=KE`, 200, { as: anonymous });
    equal(items, [metric]);
    const full = await t.json("GET", `${PATH}/${id}`, 200, { as: reader });
    equal([full.dimensions, full.external_id], [dimensions, "secret"]);
  },
  async "anonymous readers may not ask by person"(t) {
    const asked = [
      `${PATH}?dimension.partner_id=p-1`,
      `${PATH}/aggregate/statistics?dimension.EMAIL=a`,
      `${PATH}/aggregate/statistics?group_by=dimension.partner_id`,
      `${PATH}/aggregate/statistics?measures=distinct.partner_id`,
      `${PATH}/time-series/data?split_by=dimension.user_id`,
      `${PATH}/time-series/data?measure=distinct.user_id`,
      `${PATH}/time-series/data?dimension.user_id=1`,
    ];
    for (const path of asked) {
      const { detail } = await t.json("GET", path, 403, { as: anonymous });
      match(detail, /is about persons/);
      await t.json("GET", path, 200, { as: reader });
    }
  },
};

const listCases: Record<string, (t: App) => Promise<void>> = {
  async "a list is the latest first, in pages that meet without gap"(t) {
    const rows = [1, 2, 3, 4, 5].map((day) => gift({ metric_value: day, timestamp: `2025-12-0${day}T00:00:00Z` }));
    const likes = { service_name: "social_media", metric_type: "engagement", metric_name: "post_likes" };
    await send(t, [...rows, gift({ ...likes, metric_value: 6, timestamp: "2025-12-03T12:00:00Z" })]);
    const first = await t.request("GET", `${PATH}?limit=4`);
    const page = await first.json();
    equal([valuesOf(page), page.total, page.skip, page.limit], [[5, 4, 6, 3], 6, 0, 4]);
    const next = `${PATH}?limit=4&cursor=${page.next_cursor}`;
    equal(first.headers.get("link"), `<${PATH}?limit=4>; rel="first", <${next}>; rel="next"`);
    const last = await t.json("GET", next, 200);
    equal([valuesOf(last), last.total, last.next_cursor], [[2, 1], 6, null]);
    equal(valuesOf(await t.json("GET", `${PATH}?skip=2&limit=3`, 200)), [6, 3, 2]);
    equal(valuesOf(await t.json("GET", `${PATH}?skip=9`, 200)), []);
  },
  async "metrics of one instant are in the order of their ids"(t) {
    await send(t, [gift({ metric_value: 1 }), gift({ metric_value: 2 }), gift({ metric_value: 3 })]);
    const first = await t.json("GET", `${PATH}?limit=1`, 200);
    const second = await t.json("GET", `${PATH}?limit=1&cursor=${first.next_cursor}`, 200);
    const third = await t.json("GET", `${PATH}?limit=1&cursor=${second.next_cursor}`, 200);
    equal([valuesOf(first), valuesOf(second), valuesOf(third), third.next_cursor], [[3], [2], [1], null]);
  },
  async "a list is narrowed by service, type, name, days and dimensions"(t) {
    const likes = { service_name: "social_media", metric_type: "engagement", metric_name: "post_likes" };
    await send(t, [
      gift({ metric_value: 1, dimensions: { size: "7", recurring: true } }),
      gift({ metric_value: 2, metric_name: "donation_refunded", dimensions: { size: 7, country: "KE" } }),
      gift({ metric_value: 3, ...likes, timestamp: "2025-12-10T00:00:00Z" }),
      gift({ metric_value: 4, ...likes, timestamp: "2025-12-11T00:00:00Z", date: "2025-12-12" }),
    ]);
    const found: [string, number[]][] = [
      ["service_name=partners_crm", [2, 1]],
      ["metric_type=engagement", [4, 3]],
      ["metric_name=donation_refunded", [2]],
      ["service_name=partners_crm&metric_type=donation&metric_name=donation_received", [1]],
      ["start_date=2025-12-12&end_date=2025-12-19", [4]],
      ["end_date=2025-12-11", [3]],
      ["metric_type=engagement&start_date=2025-12-12", [4]],
      ["dimension.size=7", [2, 1]],
      ["dimension.size=7&dimension.country=KE", [2]],
      ["dimension.recurring=true", [1]],
      ["dimension.size=8", []],
    ];
    for (const [query, values] of found) {
      const page = await t.json("GET", `${PATH}?${query}`, 200);
      equal([query, valuesOf(page), page.total], [query, values, values.length]);
      if (values.length > 1) equal((await t.json("GET", `${PATH}?${query}&limit=1`, 200)).total, values.length);
    }
  },
  async "a list's total follows every write"(t) {
    await send(t, [gift(), gift(), gift()]);
    const total = async () => (await t.json("GET", `${PATH}?limit=1`, 200)).total;
    equal(await total(), 3);
    await send(t, [gift()]);
    equal(await total(), 4);
    const { items } = await t.json("GET", PATH, 200);
    await t.json("DELETE", `${PATH}/${items[0].id}`, 204);
    equal(await total(), 3);
  },
  async "a list of metrics by dimension counts no further than 10,000, and says so"(t) {
    await t.db.query(`
      insert into metrics (service_name, metric_type, metric_name, metric_value, dimensions, "timestamp", date)
      select 'projects', 'revenue', 'tickets', i, '{"hall": 7}', '2025-12-01Z', '2025-12-01' from generate_series(1, 10001) i`);
    const total = async (query: string) => {
      const page = await t.json("GET", `${PATH}?limit=1${query}`, 200);
      return [page.total, page.total_is_lower_bound ?? false];
    };
    equal(await total("&dimension.hall=7"), [10_000, true]);
    equal(await total(""), [10_001, false]); // the roll-ups know
  },
  async "a held copy of a list of metrics, or of what they amount to, is not sent again until it changes"(t) {
    await send(t, [gift()]);
    for (const path of [PATH, `${PATH}/aggregate/statistics`, `${PATH}/time-series/data`, `${PATH}/by-service/auth`]) {
      const etag = (await t.request("GET", path)).headers.get("etag") ?? "";
      equal([path, (await t.request("GET", path, { headers: { "if-none-match": etag } })).status], [path, 304]);
      await send(t, [gift({ service_name: path.endsWith("auth") ? "auth" : "partners_crm" })]);
      equal([path, (await t.request("GET", path, { headers: { "if-none-match": etag } })).status], [path, 200]);
    }
  },
  async "a list refuses what it cannot read"(t) {
    const wrong: [string, string][] = [
      ["limit=0", "/query/limit"],
      ["limit=1001", "/query/limit"],
      ["skip=10001", "/query/skip"],
      ["skip=1.5", "/query/skip"],
      ["cursor=bm9uZQ", "/query/cursor"],
      ["cursor=WyIyMDI1LTEyLTIwIiwgMV0", "/query/cursor"],
      ["start_date=2025-13-01", "/query/start_date"],
      ["service_name=crm", "/query/service_name"],
      ["dimension.=1", "/query/dimension."],
      ["dimension.a=1&dimension.a=2", "/query/dimension.a"],
      ["dimension.a=%00", "/query/dimension.a"],
      ["metric=1", "/query/metric"],
    ];
    for (const [query, pointer] of wrong) {
      const { errors } = await t.json("GET", `${PATH}?${query}`, 422);
      equal([query, errors[0].pointer], [query, pointer]);
    }
    await send(t, [gift(), gift()]);
    const { next_cursor } = await t.json("GET", `${PATH}?limit=1`, 200);
    await t.json("GET", `${PATH}?skip=1&cursor=${next_cursor}`, 422);
  },
};

/** Everything about metrics. */
export const metricsCases = {
  ...storedCases,
  ...listCases,
  ...metricAnalyticsCases,
  ...metricComparisonsCases,
  ...metricSmallCellsCases,
  ...metricSummariesCases,
  ...metricCatalogCases,
  ...metricZonesCases,
};
