import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { updateGoals } from "../../../services/goals/mod.ts";
import { anonymous, type App, bearer } from "../../support/app.ts";
import { CALLS, DECEMBER, give, goalOf, GOALS, read } from "../../support/goals.ts";

const path = (id: string, query = "") => `${GOALS}/${id}/history${query}`;

/** Readings of 10, 20 … by hand, one an hour from noon on. */
async function hourly(t: App, id: string, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await t.setNow(`2025-12-24T${12 + i}:00:00Z`);
    await read(t, id, 10 * (i + 1));
  }
}

/** The values of a page. */
async function values(t: App, id: string, query = ""): Promise<number[]> {
  const { items } = await t.json("GET", path(id, query), 200);
  return items.map(({ value }: { value: number }) => value);
}

/** What goals were worth, and what happened to them. */
export const goalHistoryCases: Record<string, (t: App) => Promise<void>> = {
  async "goal history: readings by hand come the latest first, each with its progress and who took it"(t) {
    const me = bearer();
    const id = await goalOf(t, CALLS);
    await t.json("POST", `${GOALS}/${id}/update-progress`, 200, { body: { current_value: 10 }, as: me });
    await t.setNow("2025-12-25T08:30:00.5Z");
    await t.json("POST", `${GOALS}/${id}/update-progress`, 200, { body: { current_value: 25 }, as: me });
    const { items, ...rest } = await t.json("GET", path(id), 200, { as: me });
    equal(rest, { total: 2, skip: 0, limit: 100, next_cursor: null });
    const [{ id: reading, ...latest }, first] = items;
    match(reading, /^[0-9a-f-]{36}$/);
    equal(latest, {
      ...{ kind: "reading", at: "2025-12-25T08:30:00.5Z", value: 25, progress_percentage: 25, source: "manual" },
      ...{ recorded_by: "aaaaaaaa-0000-4000-8000-000000000001", target_value: null, alert_threshold: null },
    });
    equal([first.at, first.value], ["2025-12-24T12:00:00Z", 10]);
  },

  async "goal history: what the metrics changed is in it, and an update that changed nothing is not"(t) {
    const id = await goalOf(t);
    for (const day of ["2025-12-10", "2025-12-11"]) {
      await give(t, day, 100);
      await t.setNow(`${day}T23:00:00Z`);
      await updateGoals(t.ctx);
      await updateGoals(t.ctx);
    }
    const { items } = await t.json("GET", path(id), 200);
    const told = items.map((item: Record<string, unknown>) => [item["value"], item["source"], item["recorded_by"]]);
    equal(told, [[200, "metrics", null], [100, "metrics", null]]); // 100 and 200 of 1,000
  },

  async "goal history: alerts and endings stand between the readings, with the terms of their moment"(t) {
    const id = await goalOf(t, CALLS);
    await read(t, id, 80);
    await t.setNow("2025-12-30T12:00:00Z");
    await updateGoals(t.ctx);
    const { items, total } = await t.json("GET", path(id), 200);
    equal(total, 3);
    const brief = items.map((item: Record<string, unknown>) =>
      ["at", "kind", "value", "progress_percentage", "target_value", "alert_threshold", "source"].map((name) =>
        item[name]
      )
    );
    equal(brief[0], ["2025-12-30T12:00:00Z", "goal_failed", 80, 80, 100, null, null]);
    // Reading and alert are of one instant here, so their order is chance.
    equal(brief.slice(1).toSorted(), [
      ["2025-12-24T12:00:00Z", "goal_alert", 80, 80, 100, 75, null],
      ["2025-12-24T12:00:00Z", "reading", 80, 80, null, null, "manual"],
    ]);
  },

  async "goal history: it goes on by cursor or by skip"(t) {
    const id = await goalOf(t, { ...CALLS, alert_threshold: null });
    await hourly(t, id, 5);
    const response = await t.request("GET", path(id, "?limit=2"));
    match(response.headers.get("link") ?? "", /history\?limit=2&cursor=[\w-]+>; rel="next"/);
    const page = await response.json();
    equal([page.items.map(({ value }: { value: number }) => value), page.total], [[50, 40], 5]);
    equal(await values(t, id, `?limit=2&cursor=${page.next_cursor}`), [30, 20]);
    equal(await values(t, id, "?limit=2&skip=2"), [30, 20]);
    equal(await values(t, id, "?limit=2&skip=4"), [10]);
    equal(await values(t, id, "?skip=5"), []);
  },

  async "goal history: days are those of the goal's zone, both inclusive"(t) {
    const id = await goalOf(t, { ...CALLS, timezone: "Pacific/Kiritimati", alert_threshold: null }); // UTC+14
    for (
      const [at, value] of [["2025-12-24T09:59:59Z", 10], ["2025-12-24T10:00:00Z", 20], ["2025-12-25T10:00:00Z", 30]]
    ) {
      await t.setNow(String(at));
      await read(t, id, Number(value));
    }
    // There the second reading is the first of the 25th, the third the first of the 26th.
    equal(await values(t, id, "?start_date=2025-12-25"), [30, 20]);
    equal(await values(t, id, "?end_date=2025-12-25"), [20, 10]);
    equal(await values(t, id, "?start_date=2025-12-25&end_date=2025-12-25"), [20]);
    equal((await t.json("GET", path(id, "?start_date=2025-12-25&end_date=2025-12-25"), 200)).total, 1);
  },

  async "goal history: an anonymous reader hears no names"(t) {
    const id = await goalOf(t, CALLS);
    await t.json("POST", `${GOALS}/${id}/update-progress`, 200, { body: { current_value: 10 }, as: bearer() });
    const { items } = await t.json("GET", path(id), 200, { as: anonymous });
    equal(items.map((item: Record<string, unknown>) => [item["value"], item["recorded_by"]]), [[10, null]]);
  },

  async "goal history: of a goal without readings it is empty, of a deleted or unknown one a 404"(t) {
    const id = await goalOf(t, CALLS);
    equal((await t.json("GET", path(id), 200)).items, []);
    await read(t, id, 10);
    await t.json("DELETE", `${GOALS}/${id}`, 204);
    await t.json("GET", path(id), 404);
    await t.json("GET", path("00000000-0000-4000-8000-00000000dead"), 404);
  },

  async "goal history: asked for what it does not know it is a 422"(t) {
    const id = await goalOf(t, DECEMBER);
    for (const query of ["start_date=24.12.", "limit=0", "cursor=x", "kind=reading"]) {
      const { errors } = await t.json("GET", path(id, `?${query}`), 422);
      equal(errors[0].pointer, `/query/${query.split("=")[0]}`);
    }
    const { errors } = await t.json("GET", path(id, "?start_date=2025-12-24&end_date=2025-12-23"), 422);
    equal(errors, [{ pointer: "/query/end_date", detail: "must not be before start_date, 2025-12-24" }]);
  },

  async "goal history: what is held is not sent again until there is more"(t) {
    const id = await goalOf(t, CALLS);
    await read(t, id, 10);
    const response = await t.request("GET", path(id));
    await response.body?.cancel();
    const held = { "if-none-match": response.headers.get("etag") ?? "" };
    ok(held["if-none-match"] !== "");
    equal((await t.request("GET", path(id), { headers: held })).status, 304);
    await read(t, id, 20);
    await t.json("GET", path(id), 200, { headers: held });
  },
};
