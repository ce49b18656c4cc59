import { deepStrictEqual as equal, match } from "node:assert/strict";
import { anonymous, type App, bearer } from "../../support/app.ts";
import { BY_HAND, events, gifts, made, NOBODY, PATH, QUICK_START, readings } from "./goal_kit.ts";

/** Goals over HTTP: made, read, changed, fed by hand, hidden. */
export const goalsCases: Record<string, (t: App) => Promise<void>> = {
  async "a threshold between 0 and 1 is a 422 that asks whether percent was meant"(t) {
    const { errors } = await t.json("POST", PATH, 422, { body: { ...BY_HAND, alert_threshold: 0.75 } });
    const range = "must be above 1 and at most 100, in percent";
    equal(errors, [{ pointer: "/alert_threshold", detail: `${range}: did you mean 75?` }]);
    const one = await t.json("POST", PATH, 422, { body: { ...BY_HAND, alert_threshold: 1 } });
    equal(one.errors[0].detail, `${range}: did you mean 100?`);
  },
  async "terms that cannot be met say what would be legal"(t) {
    const detail = async (more: Record<string, unknown>) =>
      (await t.json("POST", PATH, 422, { body: { ...BY_HAND, ...more } })).errors[0].detail;
    // Ten years from 1 January 2025 on have 3,650 days and the leap days of 2028 and 2032: 3,652 to 31 December 2034.
    const decade = { start_date: "2025-01-01", end_date: "2035-01-02" };
    equal(await detail(decade), "must be 2035-01-01 at the latest: a window has at most 3653 days");
    await made(t, { ...BY_HAND, ...decade, end_date: "2035-01-01" });
    const flat = { baseline_value: 100, target_value: 100 };
    equal(await detail(flat), "must differ from baseline_value, 100: there is no way to go");
    equal(
      await detail({ ...flat, direction: "maintain" }),
      "must differ from baseline_value, 100: a band lies between two different bounds",
    );
  },
  async "terms that cannot be met are a 422, each with its field"(t) {
    const pointers = async (more: Record<string, unknown>) => {
      const { errors } = await t.json("POST", PATH, 422, { body: { ...BY_HAND, ...more } });
      return errors.map((error: { pointer: string }) => error.pointer);
    };
    equal(await pointers({ target_value: 0 }), ["/target_value"]); // the baseline is 0
    equal(await pointers({ baseline_value: 100 }), ["/target_value"]);
    equal(await pointers({ end_date: "2025-12-19" }), ["/end_date"]);
    equal(await pointers({ start_date: "2010-01-01" }), ["/end_date"]); // longer than ten years
    equal(await pointers({ direction: "decrease" }), ["/baseline_value"]); // from 0 down to 100
    equal(await pointers({ timezone: "Europe/Atlantis" }), ["/timezone"]);
    equal(await pointers({ target_value: 0, end_date: "2025-12-19" }), ["/end_date", "/target_value"]);
  },
  async "what the service finds out itself is an unknown field"(t) {
    for (const field of ["current_value", "progress_percentage", "alert_sent", "forecast_value", "status"]) {
      const { errors } = await t.json("POST", PATH, 422, { body: { ...BY_HAND, [field]: 1 } });
      equal(errors[0].pointer, `/${field}`);
    }
    const { errors } = await t.json("POST", PATH, 422, { body: { ...BY_HAND, target_valeu: 1 } });
    match(errors[0].detail, /did you mean "target_value"/);
  },
  async "a goal is made once per Idempotency-Key"(t) {
    const ask = { body: BY_HAND, headers: { "idempotency-key": "goal-1" } };
    const first = await t.json("POST", PATH, 201, ask);
    equal(await t.json("POST", PATH, 201, ask), first);
    const [count] = await t.db.query<{ n: number }>("select count(*)::int as n from goals");
    equal(count?.n, 1);
  },
  async "a token is written down as the author, and nobody else without act_as"(t) {
    const me = bearer();
    const goal = await t.json("POST", PATH, 201, { body: BY_HAND, as: me });
    equal(goal.created_by, "aaaaaaaa-0000-4000-8000-000000000001");
    await t.json("POST", PATH, 403, { body: QUICK_START, as: me });
    await t.json("POST", PATH, 401, { body: BY_HAND, as: anonymous });
  },
  async "an anonymous reader of a goal does not see its author"(t) {
    const dimensions = { campaign: "spring" };
    const { id } = await made(t, { ...QUICK_START, dimensions });
    const seen = await t.json("GET", `${PATH}/${id}`, 200, { as: anonymous });
    equal([seen.name, seen.created_by, seen.dimensions], ["Q1 Donation Target", null, dimensions]);
  },
  async "a held copy is not sent again until the goal changes, and each projection has its own"(t) {
    const { id } = await made(t);
    const tag = async (as?: typeof anonymous) => {
      const response = await t.request("GET", `${PATH}/${id}`, as === undefined ? {} : { as });
      await response.body?.cancel();
      return response.headers.get("etag") ?? "";
    };
    const held = await tag();
    const again = await t.request("GET", `${PATH}/${id}`, { headers: { "if-none-match": held } });
    equal([again.status, await again.text()], [304, ""]);
    equal(await tag(anonymous) === held, false);
    await t.json("PUT", `${PATH}/${id}`, 200, { body: { name: "Visits" } });
    await t.json("GET", `${PATH}/${id}`, 200, { headers: { "if-none-match": held } });
  },
  async "a goal that is not there is a 404 everywhere, and an id that is none a 422"(t) {
    for (
      const [method, path, body] of [
        ["GET", "", undefined],
        ["PUT", "", { name: "x" }],
        ["DELETE", "", undefined],
        ["GET", "/progress", undefined],
        ["POST", "/update-progress", { current_value: 1 }],
      ] as const
    ) {
      await t.json(method, `${PATH}/${NOBODY}${path}`, 404, { body });
    }
    await t.json("GET", `${PATH}/mine`, 422);
  },

  async "the list is filtered, newest first, without what was deleted"(t) {
    const gone = await made(t);
    await t.json("DELETE", `${PATH}/${gone.id}`, 204);
    await made(t, QUICK_START);
    await t.setNow("2025-12-24T12:00:01Z");
    await made(t, { ...BY_HAND, name: "Newer" });
    const names = async (query: string) => {
      const { items, total } = await t.json("GET", `${PATH}${query}`, 200);
      equal(total, items.length);
      return items.map((goal: { name: string }) => goal.name);
    };
    equal(await names(""), ["Newer", "Q1 Donation Target"]);
    equal(await names("?metric_type=donation"), ["Q1 Donation Target"]);
    equal(await names("?status=active&metric_type=engagement"), ["Newer"]);
    equal(await names("?status=cancelled"), []);
    equal(await names(`?created_by=${QUICK_START.created_by}`), ["Q1 Donation Target"]);
  },
  async "the list goes on by skip or by cursor, and says how many there are"(t) {
    for (const name of ["a", "b", "c"]) {
      await t.setNow(`2025-12-24T12:00:0${"abc".indexOf(name)}.123456Z`);
      await made(t, { ...BY_HAND, name });
    }
    const page = async (query: string) => {
      const { items, ...rest } = await t.json("GET", `${PATH}${query}`, 200);
      return [items.map((goal: { name: string }) => goal.name).join(), rest];
    };
    const [first, { next_cursor, ...rest }] = await page("?limit=2");
    equal([first, rest], ["c,b", { total: 3, skip: 0, limit: 2 }]);
    const last = { total: 3, skip: 0, limit: 2, next_cursor: null };
    equal(await page(`?limit=2&cursor=${next_cursor}`), ["a", last]);
    equal(await page("?limit=2&skip=2"), ["a", { ...last, skip: 2 }]);
    const response = await t.request("GET", `${PATH}?limit=2`);
    match(response.headers.get("link") ?? "", /rel="first", <\/api\/v1\/goals\?limit=2&cursor=[\w-]+>; rel="next"/);
    await response.body?.cancel();
  },
  async "a list held is not sent again until a goal in it changes"(t) {
    const { id } = await made(t);
    const response = await t.request("GET", PATH);
    await response.body?.cancel();
    const held = { "if-none-match": response.headers.get("etag") ?? "" };
    equal((await t.request("GET", PATH, { headers: held })).status, 304);
    await t.json("PUT", `${PATH}/${id}`, 200, { body: { name: "Visits" } });
    await t.json("GET", PATH, 200, { headers: held });
  },
  async "a list asked for what it does not know is a 422"(t) {
    for (const query of ["status=done", "limit=0", "limit=1001", "skip=10001", "cursor=x", "created_by=me", "name=x"]) {
      const { errors } = await t.json("GET", `${PATH}?${query}`, 422);
      equal(errors[0].pointer, `/query/${query.split("=")[0]}`);
    }
  },
  async "who made which goals cannot be asked without a token"(t) {
    const { created_by } = await made(t, QUICK_START);
    equal((await t.json("GET", `${PATH}?created_by=${created_by}`, 200)).total, 1);
    await t.json("GET", `${PATH}?created_by=${created_by}`, 403, { as: anonymous });
    await t.json("GET", `${PATH}?created_by=${NOBODY}`, 403, { as: anonymous }); // the answer tells nothing either way
  },

  async "an anonymous list names no author"(t) {
    await made(t, QUICK_START);
    const { items } = await t.json("GET", PATH, 200, { as: anonymous });
    equal(items.map((goal: { created_by: unknown }) => goal.created_by), [null]);
  },

  async "a change leaves the rest as it is, and changing nothing stores nothing"(t) {
    const goal = await made(t);
    const changed = await t.json("PUT", `${PATH}/${goal.id}`, 200, {
      body: { name: "Visits", description: "By foot" },
    });
    equal(changed, { ...goal, name: "Visits", description: "By foot", version: 2, updated_at: changed.updated_at });
    equal((await t.json("PUT", `${PATH}/${goal.id}`, 200, { body: {} })).version, 2);
    equal((await t.json("PUT", `${PATH}/${goal.id}`, 200, { body: { description: null } })).description, null);
  },
  async "a change of an older version is a 412 and changes nothing, by header or by field"(t) {
    const { id } = await made(t);
    const held = { "if-match": '"1.f"' };
    await t.json("PUT", `${PATH}/${id}`, 200, { body: { name: "Second" }, headers: held });
    await t.json("PUT", `${PATH}/${id}`, 412, { body: { name: "Third" }, headers: held });
    await t.json("PUT", `${PATH}/${id}`, 412, { body: { name: "Third", version: 1 } });
    await t.json("DELETE", `${PATH}/${id}`, 412, { headers: held });
    equal((await t.json("GET", `${PATH}/${id}`, 200)).name, "Second");
  },
  async "a goal by hand that nobody has read stands at its baseline, also where that moves"(t) {
    const fewer = { ...BY_HAND, alert_threshold: 20, direction: "decrease", baseline_value: 100, target_value: 50 };
    const { id } = await made(t, fewer);
    const moved = await t.json("PUT", `${PATH}/${id}`, 200, { body: { baseline_value: 120 } });
    // Still at its start, not (120 − 100) / (120 − 50) = 29 % of the way, which would have alerted.
    equal([moved.current_value, moved.progress_percentage, moved.alert_sent], [120, 0, false]);
    equal([await readings(t, id), await events(t, id)], [[], []]);
    await t.json("POST", `${PATH}/${id}/update-progress`, 200, { body: { current_value: 110 } });
    const read = await t.json("PUT", `${PATH}/${id}`, 200, { body: { baseline_value: 150 } });
    equal([read.current_value, read.progress_percentage], [110, 40]); // (150 − 110) / (150 − 50)
    equal((await readings(t, id)).length, 1);
  },

  async "a change is checked as a whole, with what stays"(t) {
    const { id } = await made(t);
    const { errors } = await t.json("PUT", `${PATH}/${id}`, 422, { body: { end_date: "2025-12-01" } });
    equal(errors, [{ pointer: "/end_date", detail: "must not be before start_date, 2025-12-20" }]);
    await t.json("PUT", `${PATH}/${id}`, 422, { body: { status: "achieved" } });
    await t.json("PUT", `${PATH}/${id}`, 401, { body: { name: "x" }, as: anonymous });
  },
  async "a deleted goal is hidden, and its row and readings stay"(t) {
    const { id } = await made(t);
    await t.json("POST", `${PATH}/${id}/update-progress`, 200, { body: { current_value: 5 } });
    await t.json("DELETE", `${PATH}/${id}`, 204);
    await t.json("GET", `${PATH}/${id}`, 404);
    await t.json("DELETE", `${PATH}/${id}`, 404);
    const [row] = await t.db.query<{ status: string }>("select status from goals where id = $1", [id]);
    equal([row?.status, (await readings(t, id)).length], ["cancelled", 1]);
    await t.json("DELETE", `${PATH}/${id}`, 401, { as: anonymous });
  },

  async "a reading by hand moves progress and is kept"(t) {
    const { id } = await made(t);
    const goal = await t.json("POST", `${PATH}/${id}/update-progress`, 200, { body: { current_value: 30 } });
    equal([goal.current_value, goal.progress_percentage, goal.status, goal.version], [30, 30, "active", 2]);
    equal(await readings(t, id), [{ value: 30, source: "manual" }]);
  },
  async "progress tells what is expected by today's date and what is left"(t) {
    const { id } = await made(t);
    await t.json("POST", `${PATH}/${id}/update-progress`, 200, { body: { current_value: 30 } });
    const progress = await t.json("GET", `${PATH}/${id}/progress`, 200);
    // 4 of 10 days are over: 40 % is expected, 30 % is there. 70 calls are left for 6 days, today's among them.
    equal([progress.days_elapsed, progress.days_remaining, progress.expected, progress.pace], [4, 6, 40, 0.75]);
    equal([progress.pace_state, progress.on_track, progress.daily_required_progress], ["behind", false, 70 / 6]);
    // At 30 in 4 days, 70 take 9.33, so 10 days: until 2 January.
    equal([progress.projected_completion_date, progress.reason], ["2026-01-02", null]);
    equal(progress.meta, {
      period: { start_date: "2025-12-20", end_date: "2025-12-29", timezone: "UTC" },
      ...{ as_of: "2025-12-24", complete: false, data_through: "2025-12-24", warnings: [] },
    });
  },
  async "today is the date in the goal's zone, and progress held from yesterday is not fresh"(t) {
    const { id } = await made(t, { ...BY_HAND, timezone: "Pacific/Kiritimati" }); // UTC+14
    const response = await t.request("GET", `${PATH}/${id}/progress`);
    equal((await response.json()).meta.as_of, "2025-12-25");
    const held = { "if-none-match": response.headers.get("etag") ?? "" };
    const same = await t.request("GET", `${PATH}/${id}/progress`, { headers: held });
    equal(same.status, 304);
    await t.setNow("2025-12-25T12:00:00Z");
    equal((await t.json("GET", `${PATH}/${id}/progress`, 200, { headers: held })).meta.as_of, "2025-12-26");
  },
  async "crossing the threshold alerts once, and again after falling two points below"(t) {
    const { id } = await made(t);
    const sent: boolean[] = [];
    for (const current_value of [74, 75, 80, 73, 72, 76]) {
      const goal = await t.json("POST", `${PATH}/${id}/update-progress`, 200, { body: { current_value } });
      sent.push(goal.alert_sent);
    }
    equal(sent, [false, true, true, true, false, true]);
    equal(await events(t, id), ["goal_alert", "goal_alert"]);
  },
  async "a new target arms the alert again"(t) {
    const { id } = await made(t);
    await t.json("POST", `${PATH}/${id}/update-progress`, 200, { body: { current_value: 80 } });
    const higher = await t.json("PUT", `${PATH}/${id}`, 200, { body: { target_value: 160 } });
    equal([higher.progress_percentage, higher.alert_sent], [50, false]); // 80 of 160
    const lower = await t.json("PUT", `${PATH}/${id}`, 200, { body: { target_value: 80 } });
    equal([lower.progress_percentage, lower.alert_sent], [100, true]);
    equal(await events(t, id), ["goal_alert", "goal_alert"]);
  },
  async "a goal to maintain is judged by its days inside the band"(t) {
    const { id } = await made(t, { ...BY_HAND, direction: "maintain", baseline_value: 90, target_value: 110 });
    const report = async (at: string, current_value: number) => {
      await t.setNow(`${at}T12:00:00Z`);
      return await t.json("POST", `${PATH}/${id}/update-progress`, 200, { body: { current_value } });
    };
    await report("2025-12-20", 100);
    await report("2025-12-22", 111); // out from here
    const goal = await report("2025-12-24", 95);
    // 20, 21 and 24 are inside, 22 and 23 are not: 3 of 5 known days.
    equal([goal.current_value, goal.progress_percentage], [95, 60]);
    const progress = await t.json("GET", `${PATH}/${id}/progress`, 200);
    equal([progress.expected, progress.pace, progress.remaining_value, progress.daily_required_progress], [
      ...[100, 0.6, null, null],
    ]);
  },
  async "a reading that is none, by nobody, or of a goal that takes none is refused"(t) {
    const { id } = await made(t);
    const path = `${PATH}/${id}/update-progress`;
    await t.json("POST", path, 422, { body: { current_value: "30" } });
    await t.json("POST", path, 422, { body: { current_value: 1e16 } });
    await t.json("POST", path, 422, { body: {} });
    await t.json("POST", path, 401, { body: { current_value: 30 }, as: anonymous });
    await t.json("PUT", `${PATH}/${id}`, 200, { body: { status: "cancelled" } });
    equal((await t.json("POST", path, 409, { body: { current_value: 30 } })).type, "urn:problem:invalid_state");
  },
  async "what is expected follows last year's shape where last year is all there"(t) {
    const { id } = await made(t, { ...QUICK_START, ...{ start_date: "2025-12-21", end_date: "2025-12-30" } });
    const expected = async () => {
      const progress = await t.json("GET", `${PATH}/${id}/progress`, 200);
      return [progress.expected_basis, progress.expected];
    };
    // By 24 December 60 of last year's 100 had come; today a year ago is not counted, as today is not.
    await gifts(t, ["2024-12-21", 60], ["2024-12-24", 30], ["2024-12-30", 10]);
    await gifts(t, ["2024-12-31", 500], ["2025-12-21", 5]);
    equal(await expected(), ["last_year", 60]);
  },
  async "what is expected is linear in days where last year began too late"(t) {
    const { id } = await made(t, { ...QUICK_START, ...{ start_date: "2025-12-21", end_date: "2025-12-30" } });
    await gifts(t, ["2024-12-22", 60], ["2024-12-30", 10]);
    const progress = await t.json("GET", `${PATH}/${id}/progress`, 200);
    equal([progress.expected_basis, progress.expected], ["linear", 30]); // 3 of 10 days
  },
};
