import { deepStrictEqual as equal, match, notEqual, ok } from "node:assert/strict";
import { anonymous, type App, bearer } from "../../support/app.ts";
import { dashboard, DASHBOARDS, GIFTS, widget } from "../../support/dashboards.ts";
import { dashboardDataCases } from "./dashboard_data.ts";
import { dashboardWidgetsCases } from "./dashboard_widgets.ts";

const ANNA = bearer("aaaaaaaa-0000-4000-8000-00000000000a");
const BERT = bearer("bbbbbbbb-0000-4000-8000-00000000000b");
const ADMIN = bearer("cccccccc-0000-4000-8000-00000000000c", ["read", "write", "admin"]);
const NOBODY = "00000000-0000-4000-8000-00000000dead";

const names = (list: { items: { name: string }[] }) => list.items.map(({ name }) => name).sort();

/** Dashboards over HTTP: made, read, listed, changed, deleted, shared or private, and one default for each type. */
const storedCases: Record<string, (t: App) => Promise<void>> = {
  async "a dashboard is made with its defaults, and read as it was made"(t) {
    const body = { name: "Giving", dashboard_type: "partner", created_by: NOBODY };
    const response = await t.request("POST", DASHBOARDS, { body });
    equal(response.status, 201);
    const made = await response.json();
    equal(response.headers.get("location"), `${DASHBOARDS}/${made.id}`);
    equal(made, {
      ...{ id: made.id, ...body, description: null, config: { widgets: [] }, is_default: false, is_public: true },
      ...{ version: 1, created_at: "2025-12-24T12:00:00Z", updated_at: "2025-12-24T12:00:00Z" },
    });
    equal(await t.json("GET", `${DASHBOARDS}/${made.id}`, 200), made);
    equal((await t.json("GET", `${DASHBOARDS}/${NOBODY}`, 404)).detail, "There is no such dashboard");
  },
  async "a dashboard that is sent again with its key is made once"(t) {
    const ask = { body: { name: "Once", dashboard_type: "custom" }, headers: { "idempotency-key": "dashboard-1" } };
    equal(await t.json("POST", DASHBOARDS, 201, ask), await t.json("POST", DASHBOARDS, 201, ask));
    equal((await t.json("GET", DASHBOARDS, 200)).total, 1);
  },
  async "a dashboard's config comes back as it was said, and what is wrong with it is told at its place"(t) {
    const widgets = [
      widget("stat", { window: { relative: "this_month" }, target: 500 }),
      widget("table", { id: "two", group_by: ["month", "dimension.country"], measures: ["sum", "count"] }),
    ];
    const { id, config } = await dashboard(t, widgets, { config: { widgets, columns: 2 } });
    equal(config, { widgets, columns: 2 });
    equal((await t.json("GET", `${DASHBOARDS}/${id}`, 200)).config, config);
    const wrong = [...widgets, widget("stat", { id: "three", metric: { ...GIFTS, service_name: "partners" } })];
    const body = { name: "Wrong", dashboard_type: "custom", config: { widgets: wrong, colour: "red" } };
    const { errors } = await t.json("POST", DASHBOARDS, 422, { body });
    equal(errors.map(({ pointer }: { pointer: string }) => pointer), [
      "/config/widgets/2/metric/service_name",
      "/config/colour",
    ]);
  },
  async "what no dashboard has is a 422, in the body as in the query"(t) {
    const pointers = async (body: unknown) => {
      const { errors } = await t.json("POST", DASHBOARDS, 422, { body });
      return errors.map(({ pointer }: { pointer: string }) => pointer);
    };
    equal(await pointers({ name: "", dashboard_type: "board" }), ["/name", "/dashboard_type"]);
    equal(await pointers({ name: "A", dashboard_type: "custom", version: 3 }), ["/version"]);
    equal(await pointers({ name: "A", dashboard_type: "custom", is_default: "yes" }), ["/is_default"]);
    await t.json("GET", `${DASHBOARDS}?owner=me`, 422);
    await t.json("GET", `${DASHBOARDS}?is_public=maybe`, 422);
    await t.json("GET", `${DASHBOARDS}/seven`, 422);
  },
  async "dashboards are listed newest first without their widgets, by type, default and page"(t) {
    for (const [minute, dashboard_type] of ["custom", "partner", "custom"].entries()) {
      await t.setNow(`2025-12-24T10:0${minute}:00Z`);
      const widgets = Array.from({ length: minute }, (_, i) => widget("stat", { id: `w${i}` }));
      await dashboard(t, widgets, { name: `D${minute}`, dashboard_type, is_default: minute === 1 });
    }
    const list = await t.json("GET", DASHBOARDS, 200);
    equal(
      list.items.map((one: Record<string, unknown>) => [one["name"], one["widget_count"], "config" in one]),
      [["D2", 2, false], ["D1", 1, false], ["D0", 0, false]],
    );
    equal([list.total, list.next_cursor], [3, null]);
    equal(names(await t.json("GET", `${DASHBOARDS}?dashboard_type=custom`, 200)), ["D0", "D2"]);
    equal(names(await t.json("GET", `${DASHBOARDS}?is_default=true`, 200)), ["D1"]);
    const first = await t.json("GET", `${DASHBOARDS}?limit=2`, 200);
    equal([names(first), first.total], [["D1", "D2"], 3]);
    const second = await t.json("GET", `${DASHBOARDS}?limit=2&cursor=${first.next_cursor}`, 200);
    equal([names(second), second.next_cursor], [["D0"], null]);
    equal(names(await t.json("GET", `${DASHBOARDS}?dashboard_type=project`, 200)), []);
  },
  async "a dashboard is changed in parts, each time under its next version, and only by who has seen the last"(t) {
    const { id, config } = await dashboard(t, [widget("stat")], { description: "Old" });
    const path = `${DASHBOARDS}/${id}`;
    const etag = (await t.request("GET", path)).headers.get("etag") ?? "";
    equal((await t.request("GET", path, { headers: { "if-none-match": etag } })).status, 304);
    const response = await t.request("PUT", path, { body: { name: "New" }, headers: { "if-match": etag } });
    const changed = await response.json();
    equal([changed.name, changed.description, changed.version, changed.config], ["New", "Old", 2, config]);
    notEqual(response.headers.get("etag"), etag);
    match(
      (await t.json("PUT", path, 412, { body: { name: "Late" }, headers: { "if-match": etag } })).detail,
      /version 2/,
    );
    await t.json("PUT", path, 412, { body: { name: "Late", version: 1 } });
    equal((await t.json("PUT", path, 200, { body: { description: null, version: 2 } })).version, 3);
    equal((await t.json("PUT", path, 200, { body: { config: { widgets: [] } } })).config, { widgets: [] });
    await t.json("DELETE", path, 412, { headers: { "if-match": etag } });
    equal((await t.json("GET", path, 200)).version, 4); // the refused ones changed nothing
    await t.json("PUT", `${DASHBOARDS}/${NOBODY}`, 404, { body: { name: "None" } });
  },
  async "a dashboard that is deleted is gone"(t) {
    const { id } = await dashboard(t, []);
    const etag = (await t.request("GET", `${DASHBOARDS}/${id}`)).headers.get("etag") ?? "";
    await t.json("DELETE", `${DASHBOARDS}/${id}`, 204, { headers: { "if-match": etag } });
    for (const path of [`${DASHBOARDS}/${id}`, `${DASHBOARDS}/${id}/data`]) await t.json("GET", path, 404);
    await t.json("DELETE", `${DASHBOARDS}/${id}`, 404);
    await t.json("PUT", `${DASHBOARDS}/${id}`, 404, { body: { name: "Again" } });
  },
  async "each type has one default dashboard: who makes another takes it from the one before"(t) {
    const first = await dashboard(t, [], { name: "First", is_default: true });
    const second = await dashboard(t, [], { name: "Second", is_default: true });
    const other = await dashboard(t, [], { name: "Other", dashboard_type: "partner", is_default: true });
    const state = async (...all: { id: string }[]) =>
      await Promise.all(all.map(async ({ id }) => {
        const one = await t.json("GET", `${DASHBOARDS}/${id}`, 200);
        return [one.is_default, one.version];
      }));
    equal(await state(first, second, other), [[false, 2], [true, 1], [true, 1]]);
    await t.json("PUT", `${DASHBOARDS}/${first.id}`, 200, { body: { is_default: true } });
    equal(await state(first, second, other), [[true, 3], [false, 2], [true, 1]]);
    // A default that moves to another type is the default of that one.
    await t.json("PUT", `${DASHBOARDS}/${other.id}`, 200, { body: { dashboard_type: "custom" } });
    equal(await state(first, second, other), [[false, 4], [false, 2], [true, 2]]);
    await t.json("PUT", `${DASHBOARDS}/${other.id}`, 200, { body: { is_default: false } });
    equal((await t.json("GET", `${DASHBOARDS}?is_default=true`, 200)).total, 0);
  },
  async "many who make a default dashboard at once all succeed, and one is the default"(t) {
    const made = await Promise.all(
      Array.from({ length: 8 }, (_, i) => dashboard(t, [], { name: `D${i}`, is_default: true })),
    );
    await Promise.all(
      made.map(({ id }) => t.json("PUT", `${DASHBOARDS}/${id}`, 200, { body: { is_default: true } })),
    );
    equal((await t.json("GET", `${DASHBOARDS}?is_default=true`, 200)).total, 1);
    equal((await t.json("GET", DASHBOARDS, 200)).total, 8);
  },
  async "a default dashboard is public"(t) {
    const body = { name: "Hidden", dashboard_type: "custom", is_default: true, is_public: false };
    equal((await t.json("POST", DASHBOARDS, 422, { body })).errors[0].pointer, "/is_public");
    const { id } = await dashboard(t, [], { is_default: true });
    const { errors } = await t.json("PUT", `${DASHBOARDS}/${id}`, 422, { body: { is_public: false } });
    equal(errors[0].pointer, "/is_public");
    await t.json("PUT", `${DASHBOARDS}/${id}`, 200, { body: { is_public: false, is_default: false } });
  },
  async "a private dashboard is seen by its author, an admin and open mode alone"(t) {
    const { id } = await dashboard(t, [], { name: "Hers", is_public: false }, ANNA);
    await dashboard(t, [], { name: "His" }, BERT);
    const path = `${DASHBOARDS}/${id}`;
    for (const as of [ANNA, ADMIN]) {
      equal((await t.json("GET", path, 200, { as })).created_by, ANNA.kind === "token" ? ANNA.id : null);
      equal(names(await t.json("GET", DASHBOARDS, 200, { as })), ["Hers", "His"]);
    }
    await t.json("GET", path, 200);
    await t.json("GET", `${path}/data`, 200, { as: ANNA });
    for (const as of [BERT, anonymous]) {
      await t.json("GET", path, 404, { as });
      await t.json("GET", `${path}/data`, 404, { as });
      const list = await t.json("GET", DASHBOARDS, 200, { as });
      equal([names(list), list.total], [["His"], 1]);
      equal((await t.json("GET", `${DASHBOARDS}?is_public=false`, 200, { as })).total, 0);
    }
    await t.json("PUT", path, 404, { as: BERT, body: { name: "His" } });
    await t.json("DELETE", path, 404, { as: BERT });
    await t.json("PUT", path, 200, { as: ADMIN, body: { name: "Still hers" } });
    await t.json("DELETE", path, 204, { as: ANNA });
  },
  async "whoever may write may change a public dashboard, but only its author makes it private"(t) {
    const { id } = await dashboard(t, [], {}, ANNA);
    const path = `${DASHBOARDS}/${id}`;
    equal((await t.json("PUT", path, 200, { as: BERT, body: { name: "Better" } })).version, 2);
    await t.json("PUT", path, 403, { as: BERT, body: { is_public: false } });
    equal((await t.json("PUT", path, 200, { as: ANNA, body: { is_public: false } })).is_public, false);
  },
  async "writing a dashboard needs a token with the scope write, and authors are who they are"(t) {
    const body = { name: "A", dashboard_type: "custom" };
    await t.json("POST", DASHBOARDS, 401, { as: anonymous, body });
    await t.json("POST", DASHBOARDS, 403, { as: bearer(undefined, ["read"]), body });
    await t.json("POST", DASHBOARDS, 403, { as: ANNA, body: { ...body, created_by: NOBODY } });
    const { id } = await dashboard(t, []);
    await t.json("PUT", `${DASHBOARDS}/${id}`, 401, { as: anonymous, body: { name: "B" } });
    await t.json("DELETE", `${DASHBOARDS}/${id}`, 401, { as: anonymous });
  },
  async "an anonymous reader of a dashboard sees neither its author nor whom it is about"(t) {
    const dimensions = { partner_id: "p-77", country: "KE" };
    const { id } = await dashboard(t, [widget("stat", { metric: { ...GIFTS, dimensions } })], {}, ANNA);
    const text = await (await t.request("GET", `${DASHBOARDS}/${id}`, { as: anonymous })).text();
    const seen = JSON.parse(text);
    equal([seen.created_by, seen.config.widgets[0].metric.dimensions], [null, { country: "KE" }]);
    const list = await t.json("GET", DASHBOARDS, 200, { as: anonymous });
    const { dashboard: shown, widgets } = await t.json("GET", `${DASHBOARDS}/${id}/data`, 200, { as: anonymous });
    ok(![text, JSON.stringify([list, shown, widgets])].some((said) => said.includes("p-77") || said.includes("aaaa")));
    // The stat is of one person's gifts: it is refused, and not widened to everybody's.
    equal([widgets[0].status, widgets[0].error.code, widgets[0].data], ["error", "forbidden", null]);
    equal(
      (await t.json("GET", `${DASHBOARDS}/${id}`, 200, { as: ANNA })).config.widgets[0].metric.dimensions,
      dimensions,
    );
  },
};

/** Every case of dashboards. */
export const dashboardsCases: Record<string, (t: App) => Promise<void>> = {
  ...storedCases,
  ...dashboardWidgetsCases,
  ...dashboardDataCases,
};
