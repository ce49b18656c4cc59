import { deepStrictEqual as equal } from "node:assert/strict";
import { DICTIONARY } from "../../../services/metrics/dictionary.ts";
import { anonymous, type App } from "../../support/app.ts";
import { gift, PATH, reader, send } from "../../support/gifts.ts";

const CATALOG = `${PATH}/catalog`;
const REVENUE = { service_name: "partners_crm", metric_type: "revenue" };

type Entry = { service_name: string; metric_type: string; metric_name: string; version: number | null };
const namesOf = ({ items }: { items: Entry[] }) => items.map((one) => one.metric_name);

const sale = (metric_name: string, change: Record<string, unknown> = {}) =>
  gift({ ...REVENUE, metric_name, ...change });
const stock = (shop: string, metric_value: number, timestamp: string) =>
  sale("stock", { metric_value, metric_unit: "count", timestamp, dimensions: { shop, buyer: `b-${metric_value}` } });

/** What a recount of all rows finds wrong with the roll-ups: nothing, or they are broken. */
const differences = (t: App) => t.db.query("select * from ops.rollup_differences()");

const readingCases: Record<string, (t: App) => Promise<void>> = {
  async "the metric catalog says what each name means and what is recorded of it"(t) {
    await send(t, [
      sale("tickets", { timestamp: "2025-12-20T10:15:00Z" }),
      sale("tickets", { timestamp: "2025-11-01T00:00:00Z", metric_unit: "EUR" }),
      sale("tickets", { timestamp: "2025-12-01T00:00:00Z", metric_unit: null }),
      gift(),
    ]);
    const { items, total } = await t.json("GET", `${CATALOG}?service_name=partners_crm&recorded=true`, 200);
    const defaults = { unit: null, good_direction: "up", series_key: [] };
    equal([total, items], [2, [
      {
        ...{ service_name: "partners_crm", metric_type: "donation", metric_name: "donation_received", defined: true },
        ...{ ...defaults, kind: "flow", is_primary: true, entity_key: "partner_id", description: "Gifts received" },
        version: 1,
        recorded: {
          ...{ units: ["USD"], readings: 1, first_day: "2025-12-20", last_day: "2025-12-20" },
          last_at: "2025-12-20T10:15:00Z",
        },
      },
      {
        ...{ ...REVENUE, metric_name: "tickets", defined: false, ...defaults, kind: "flow", is_primary: false },
        ...{ entity_key: null, description: "", version: null },
        recorded: {
          ...{ units: [null, "EUR", "USD"], readings: 3, first_day: "2025-11-01", last_day: "2025-12-20" },
          last_at: "2025-12-20T10:15:00Z",
        },
      },
    ]]);
  },
  async "the metric catalog is narrowed by service, type, kind, and by what is recorded"(t) {
    await send(t, [sale("tickets")]);
    const names = async (query: string) => namesOf(await t.json("GET", `${CATALOG}?${query}`, 200));
    equal(await names("service_name=projects&metric_type=project&kind=gauge"), [
      ...["budget_planned", "earned_value", "planned_value", "project_status"],
    ]);
    equal(await names("kind=sample"), ["delivery_latency_ms"]);
    equal(await names("recorded=true"), ["tickets"]);
    equal(await names("metric_type=revenue"), ["tickets"]);
    equal(await names("metric_type=revenue&recorded=false"), []);
    equal(await names("service_name=auth"), []);
  },
  async "the pages of the metric catalog meet without gap, in the order of the key"(t) {
    await send(t, [sale("tickets"), sale("books")]);
    const whole = await t.json("GET", CATALOG, 200);
    equal([whole.items.length, whole.total, whole.next_cursor], [35, 35, null]); // 33 of the dictionary, and two
    const keys = whole.items.map((one: Entry) => [one.service_name, one.metric_type, one.metric_name].join());
    equal(new Set(keys).size, 35);
    equal(keys.slice(0, 2), ["partners_crm,donation,donation_received", "partners_crm,donation,donation_refunded"]);
    const paged: Entry[] = [];
    for (let path: string | null = `${CATALOG}?limit=16`; path !== null;) {
      const page: { items: Entry[]; total: number; next_cursor: string | null } = await t.json("GET", path, 200);
      equal(page.total, 35);
      paged.push(...page.items);
      path = page.next_cursor && `${CATALOG}?limit=16&cursor=${page.next_cursor}`;
    }
    equal(paged, whole.items);
    const skipped = await t.request("GET", `${CATALOG}?skip=33&limit=1`);
    equal(namesOf(await skipped.json()), [whole.items[33].metric_name]);
    equal(skipped.headers.get("link")?.startsWith(`<${CATALOG}?limit=1>; rel="first"`), true);
  },
  async "a new database's metric catalog is the dictionary that the analytics read"(t) {
    const { items } = await t.json("GET", CATALOG, 200);
    const defined = items.map((one: Entry) => `${one.service_name}/${one.metric_type}/${one.metric_name}`);
    const read = Object.entries(DICTIONARY).flatMap(([place, names]) => names.map((name) => `${place}/${name}`));
    equal(defined.sort(), read.sort());
  },
  async "a held copy of the metric catalog is not sent again until something changes"(t) {
    const etag = (await t.request("GET", CATALOG)).headers.get("etag") ?? "";
    equal((await t.request("GET", CATALOG, { headers: { "if-none-match": etag }, as: anonymous })).status, 304);
    await send(t, [gift()]);
    equal((await t.request("GET", CATALOG, { headers: { "if-none-match": etag } })).status, 200);
  },
  async "the metric catalog refuses what it cannot read"(t) {
    const wrong: [string, string][] = [
      ["service_name=crm", "/query/service_name"],
      ["kind=rate", "/query/kind"],
      ["recorded=yes", "/query/recorded"],
      ["limit=1001", "/query/limit"],
      ["cursor=WyJhIl0", "/query/cursor"],
      ["metric_name=tickets", "/query/metric_name"],
    ];
    for (const [query, pointer] of wrong) {
      const { errors } = await t.json("GET", `${CATALOG}?${query}`, 422);
      equal([query, errors[0].pointer], [query, pointer]);
    }
    await t.json("GET", `${PATH}/catalogue`, 422); // no literal, so it would be an id
  },
};

const definingCases: Record<string, (t: App) => Promise<void>> = {
  async "a metric name is defined, with 201 at first and 200 afterwards"(t) {
    const body = { ...REVENUE, kind: "sample", unit: "ms", good_direction: "down", description: "How long" };
    const made = await t.request("PUT", `${CATALOG}/wait`, { body });
    equal([made.status, made.headers.get("etag")], [201, '"1.f"']);
    const entry = await made.json();
    equal(entry, {
      ...{ ...REVENUE, metric_name: "wait", defined: true, kind: "sample", unit: "ms", good_direction: "down" },
      ...{ is_primary: false, series_key: [], entity_key: null, description: "How long", version: 1, recorded: null },
    });
    equal(await t.json("PUT", `${CATALOG}/wait`, 200, { body }), entry); // the same again changes nothing
    const other = await t.json("PUT", `${CATALOG}/wait`, 200, { body: { ...REVENUE, kind: "flow" } });
    equal([other.kind, other.unit, other.good_direction, other.description, other.version], [
      "flow",
      null,
      "up",
      "",
      2,
    ]);
    equal((await t.json("GET", `${CATALOG}?metric_type=revenue`, 200)).items, [other]);
  },
  async "a metric that is defined as a gauge shows levels of what was sent before, and its roll-ups stay true"(t) {
    await send(t, [
      stock("a", 10, "2025-12-01T08:00:00Z"),
      stock("a", 7, "2025-12-02T08:00:00Z"),
      stock("b", 5, "2025-12-02T09:00:00Z"),
    ]);
    const level = async () => {
      const { items } = await t.json("GET", `${PATH}/aggregate/statistics?metric_name=stock&measures=sum`, 200);
      return [items[0].kind, items[0].values.sum];
    };
    equal(await level(), ["flow", 22]);
    await t.json("PUT", `${CATALOG}/stock`, 201, { body: { ...REVENUE, kind: "gauge", series_key: ["shop"] } });
    equal([await level(), await differences(t)], [["gauge", 12], []]); // 7 of a and 5 of b
    await send(t, [stock("b", 6, "2025-12-03T09:00:00Z")]);
    equal([await level(), await differences(t)], [["gauge", 13], []]);
    await t.json("PUT", `${CATALOG}/stock`, 200, { body: { ...REVENUE, kind: "gauge" } });
    equal([await level(), await differences(t)], [["gauge", 6], []]); // one series: its last reading
    await t.json("PUT", `${CATALOG}/stock`, 200, { body: { ...REVENUE, kind: "flow", entity_key: "buyer" } });
    equal([await level(), await differences(t)], [["flow", 28], []]);
    const days = await t.db.query<{ n: number }>(
      "select count(*)::int as n from ops.entity_days where metric_name = 'stock'",
    );
    equal(days, [{ n: 4 }]); // four buyers, each on one day
  },
  async "a new primary metric takes it from the old one"(t) {
    const primary = { ...REVENUE, kind: "flow", is_primary: true };
    await t.json("PUT", `${CATALOG}/tickets`, 201, { body: primary });
    await t.json("PUT", `${CATALOG}/books`, 201, { body: primary });
    const { items } = await t.json("GET", `${CATALOG}?metric_type=revenue`, 200);
    equal(items.map((one: Entry & { is_primary: boolean }) => [one.metric_name, one.is_primary, one.version]), [
      ["books", true, 1],
      ["tickets", false, 2],
    ]);
    await send(t, [sale("tickets"), sale("tickets"), sale("books")]);
    const { series } = await t.json("GET", `${PATH}/time-series/data?metric_type=revenue`, 200);
    equal(series[0].metric_name, "books");
  },
  async "a metric's definition is not overwritten by who has seen another"(t) {
    const body = { ...REVENUE, kind: "flow" };
    const put = (status: number, tag: string, change = {}) =>
      t.json("PUT", `${CATALOG}/tickets`, status, { body: { ...body, ...change }, headers: { "if-match": tag } });
    await put(412, '"1.f"');
    await t.json("PUT", `${CATALOG}/tickets`, 201, { body });
    await put(412, '"2.f"', { unit: "USD" });
    equal((await put(200, '"1.f"', { unit: "USD" })).version, 2);
    await put(412, '"1.f"', { unit: "EUR" });
  },
  async "a metric that the analytics read keeps its kind and keys, and may change the rest"(t) {
    const gifts = { service_name: "partners_crm", metric_type: "donation", kind: "flow", entity_key: "partner_id" };
    const path = `${CATALOG}/donation_received`;
    for (const change of [{ kind: "sample" }, { entity_key: null }, { kind: "gauge", series_key: ["country"] }]) {
      const { type, detail } = await t.json("PUT", path, 409, { body: { ...gifts, ...change } });
      equal(type, "urn:problem:invalid_state");
      equal(
        detail,
        'The analytics of its service read donation_received, so these stay: kind "flow", series_key [], ' +
          'entity_key "partner_id"',
      );
    }
    const changed = await t.json("PUT", path, 200, { body: { ...gifts, unit: "USD", description: "Money" } });
    equal([changed.unit, changed.description, changed.is_primary, changed.version], ["USD", "Money", false, 2]);
  },
  async "a metric's rows are not counted again where they are too many"(t) {
    await send(t, [sale("tickets")]);
    await t.db.query("update ops.metric_rollups set n = 1000001 where grain = 'd'");
    const body = { ...REVENUE, kind: "gauge" };
    const { detail } = await t.json("PUT", `${CATALOG}/tickets`, 409, { body });
    equal(detail.startsWith("Its service and type have 1000001 rows"), true);
    await t.json("PUT", `${CATALOG}/tickets`, 201, { body: { ...REVENUE, kind: "flow" } }); // counts nothing again
  },
  async "a metric's definition that makes no sense is refused by name"(t) {
    const wrong: [Record<string, unknown>, string][] = [
      [{ kind: "rate" }, "/kind"],
      [{ kind: "flow", series_key: ["shop"] }, "/series_key"],
      [{ kind: "gauge", series_key: ["shop", "shop"] }, "/series_key"],
      [{ kind: "gauge", series_key: Array.from({ length: 9 }, (_, i) => `k${i}`) }, "/series_key"],
      [{ kind: "gauge", series_key: [""] }, "/series_key/0"],
      [{ kind: "flow", unit: "" }, "/unit"],
      [{ kind: "flow", good_direction: "sideways" }, "/good_direction"],
      [{ kind: "flow", description: "x".repeat(501) }, "/description"],
      [{ kind: "flow", serieskey: [] }, "/serieskey"],
      [{}, "/kind"],
    ];
    for (const [change, pointer] of wrong) {
      const { errors } = await t.json("PUT", `${CATALOG}/tickets`, 422, { body: { ...REVENUE, ...change } });
      equal([change, errors[0].pointer], [change, pointer]);
    }
    const { errors } = await t.json("PUT", `${CATALOG}/${"x".repeat(256)}`, 422, {
      body: { ...REVENUE, kind: "flow" },
    });
    equal(errors[0].pointer, "/path/metric_name");
  },
  async "defining a metric needs a token with the scope write"(t) {
    const body = { ...REVENUE, kind: "flow" };
    await t.json("PUT", `${CATALOG}/tickets`, 401, { body, as: anonymous });
    await t.json("PUT", `${CATALOG}/tickets`, 403, { body, as: reader });
  },
};

/** The catalog of metric names. */
export const metricCatalogCases = { ...readingCases, ...definingCases };
