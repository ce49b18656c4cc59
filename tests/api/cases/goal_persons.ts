import { deepStrictEqual as equal } from "node:assert/strict";
import { forecastGoals } from "../../../services/goals/forecast/mod.ts";
import { anonymous, type App } from "../../support/app.ts";
import { give, goalOf, GOALS } from "../../support/goals.ts";
import { reader } from "../../support/gifts.ts";

/** Of all goals of December, the one about a person's gifts. */
const DECEMBER = {
  ...{ name: "December", metric_type: "donation", target_value: 1_000, unit: "USD" },
  ...{ start_date: "2025-12-01", end_date: "2025-12-31", metric_name: "donation_received" },
};
const PERSONAL = { ...DECEMBER, name: "Of one", dimensions: { campaign: "spring", Donor_ID: "d-17" } };

const READS = ["", "/progress", "/history", "/forecast"];

/** Goals about one person: there for readers with a token, and for nobody else. */
export const goalPersonsCases: Record<string, (t: App) => Promise<void>> = {
  async "a goal about a person is not there without a token, whatever is asked of it"(t) {
    await give(t, "2025-12-10", 250, { dimensions: { campaign: "spring", Donor_ID: "d-17" } });
    const personal = await goalOf(t, PERSONAL);
    const campaign = await goalOf(t, { ...DECEMBER, dimensions: { campaign: "spring" } });
    for (const read of READS) {
      const { type } = await t.json("GET", `${GOALS}/${personal}${read}`, 404, { as: anonymous });
      equal(type, "urn:problem:not_found");
      await t.json("GET", `${GOALS}/${personal}${read}`, 200, { as: reader });
      await t.json("GET", `${GOALS}/${campaign}${read}`, 200, { as: anonymous });
    }
    equal((await t.json("GET", `${GOALS}/${personal}`, 200, { as: reader })).dimensions, PERSONAL.dimensions);
  },
  async "goals about a person are left out of lists without a token, and of their totals"(t) {
    await goalOf(t, PERSONAL);
    await goalOf(t, { ...DECEMBER, name: "Of nobody" });
    await goalOf(t, { ...DECEMBER, name: "Of spring", dimensions: { campaign: "spring" } });
    await forecastGoals(t.ctx);
    for (const path of [GOALS, `${GOALS}/forecast/all`]) {
      const names = async (query: string, as?: typeof anonymous) => {
        const { items, total } = await t.json("GET", `${path}${query}`, 200, as === undefined ? {} : { as });
        return [...items.map(({ name }: { name: string }) => name).sort(), total];
      };
      equal(await names(""), ["Of nobody", "Of one", "Of spring", 3]);
      equal(await names("", anonymous), ["Of nobody", "Of spring", 2]);
      equal((await names("?limit=1", anonymous)).at(-1), 2); // counted, not told by the page
    }
    equal((await t.json("GET", `${GOALS}?status=active&metric_type=donation`, 200, { as: anonymous })).total, 2);
  },
  async "a dashboard does not show a goal about a person without a token"(t) {
    const id = await goalOf(t, PERSONAL);
    const shipped = async (as?: typeof anonymous) => {
      const path = "/api/v1/dashboards/executive/default";
      return JSON.stringify(await t.json("GET", path, 200, as === undefined ? {} : { as })).includes(id);
    };
    equal([await shipped(), await shipped(anonymous)], [true, false]);
    const widget = { id: "a", type: "goal", title: "Goal", goal_id: id };
    const dashboard = await t.json("POST", "/api/v1/dashboards", 201, {
      body: { name: "Goals", dashboard_type: "custom", config: { widgets: [widget] } },
    });
    const slot = async (as?: typeof anonymous) => {
      const path = `/api/v1/dashboards/${dashboard.id}/data`;
      return (await t.json("GET", path, 200, as === undefined ? {} : { as })).widgets[0];
    };
    equal((await slot()).data.goal_id, id);
    const { data, error } = await slot(anonymous);
    equal([data, error], [null, { code: "not_found", message: "There is no such goal" }]);
  },
};
