import { deepStrictEqual as equal, match, rejects } from "node:assert/strict";
import { RowsLocked, StatementTimeout } from "../../../services/errors.ts";
import { evaluateGoals, updateGoals } from "../../../services/goals/mod.ts";
import { ingestMetrics } from "../../../services/metrics/mod.ts";
import { anonymous, type App, bearer } from "../../support/app.ts";

/** The source's quick start, word for word. */
const QUICK_START = {
  name: "Q1 Donation Target",
  metric_type: "donation",
  target_value: 100000,
  unit: "USD",
  start_date: "2025-01-01",
  end_date: "2025-03-31",
  created_by: "123e4567-e89b-12d3-a456-426614174000",
};

/** A goal fed by hand over the ten days from 20 to 29 December 2025; today is the 24th, so four days are over. */
const BY_HAND = {
  ...{ name: "Calls", metric_type: "engagement", target_value: 100, unit: "calls", alert_threshold: 75 },
  ...{ start_date: "2025-12-20", end_date: "2025-12-29" },
};

const DECEMBER = { start_date: "2025-12-01", end_date: "2025-12-31" };

type Run = { config: Record<string, unknown> };

const PATH = "/api/v1/goals";
const NOBODY = "00000000-0000-4000-8000-00000000dead";

// deno-lint-ignore no-explicit-any -- as in App.json
async function made(t: App, goal: Record<string, unknown> = BY_HAND): Promise<any> {
  return await t.json("POST", PATH, 201, { body: goal });
}

/** What happened to a goal, by name: within a millisecond the order is chance. */
async function events(t: App, id: string): Promise<string[]> {
  const rows = await t.db.query<{ kind: string }>("select kind from ops.events where subject_id = $1", [id]);
  return rows.map((row) => row.kind).sort();
}

async function readings(t: App, id: string): Promise<{ value: number; source: string }[]> {
  return await t.db.query("select value, source from ops.goal_readings where goal_id = $1 order by id", [id]);
}

/** Stores gifts, each a date and an amount. */
async function gifts(t: App, ...given: [date: string, metric_value: number, more?: Record<string, unknown>][]) {
  const rows = given.map(([date, metric_value, more]) => ({
    ...{ service_name: "partners_crm", metric_type: "donation", metric_name: "donation_received", metric_unit: "USD" },
    ...{ date, metric_value },
    ...more,
  }));
  equal((await ingestMetrics(t.ctx, { kind: "local" }, rows)).rejected, []);
}

/** Goals over HTTP: made, read, changed, fed by hand, hidden. */
export const goalsCases: Record<string, (t: App) => Promise<void>> = {
  async "the quick start's goal is made, and tracked by the one primary metric of its type"(t) {
    const response = await t.request("POST", PATH, { body: QUICK_START });
    equal(response.status, 201);
    const goal = await response.json();
    equal(response.headers.get("location"), `${PATH}/${goal.id}`);
    equal(
      [goal.tracking, goal.service_name, goal.metric_name, goal.aggregation],
      ["metrics", "partners_crm", "donation_received", "sum"],
    );
    // Its window is over, yet it is active until the evaluator closes it.
    equal([goal.status, goal.current_value, goal.progress_percentage, goal.created_by], [
      ...["active", 0, 0],
      QUICK_START.created_by,
    ]);
    equal(await t.json("GET", `${PATH}/${goal.id}`, 200), goal);
  },
  async "tracking manual leaves the quick start's goal to be fed by hand"(t) {
    const goal = await made(t, { ...QUICK_START, tracking: "manual" });
    equal([goal.tracking, goal.service_name, goal.metric_name], ["manual", null, null]);
  },
  async "a goal is fed by hand where its type has several primary metrics, or its unit is another"(t) {
    equal((await made(t)).tracking, "manual"); // engagement: partner_interaction and post_likes
    equal((await made(t, { ...QUICK_START, unit: "gifts" })).tracking, "manual");
    equal((await made(t, { ...QUICK_START, metric_type: "partner", unit: "count" })).metric_name, "partner_registered");
  },
  async "a donation goal in a currency that is not recorded is fed by hand, unless nothing is recorded yet"(t) {
    equal((await made(t, { ...QUICK_START, unit: "EUR" })).tracking, "metrics");
    await gifts(t, ["2025-01-10", 100]);
    equal((await made(t, { ...QUICK_START, unit: "EUR" })).tracking, "manual");
    equal((await made(t, QUICK_START)).current_value, 100);
    const refused = await t.json("POST", PATH, 422, { body: { ...QUICK_START, unit: "EUR", tracking: "metrics" } });
    match(refused.errors[0].detail, /partners_crm\/donation_received is not recorded in EUR/);
  },
  async "a currency is one however it is written, and stored as it is recorded"(t) {
    const goal = await made(t, { ...QUICK_START, unit: "eur" });
    equal([goal.tracking, goal.unit], ["metrics", "EUR"]);
    await gifts(t, ["2025-01-10", 100]);
    const named = await made(t, { ...QUICK_START, unit: "usd", metric_name: "donation_received" });
    equal([named.unit, named.current_value], ["USD", 100]);
    await gifts(t, ["2025-01-10", 7, { metric_unit: "eur" }]);
    equal((await made(t, { ...QUICK_START, unit: "EUR" })).unit, "eur");
    equal((await t.json("PUT", `${PATH}/${goal.id}`, 200, { body: { unit: "Usd" } })).current_value, 100);
  },
  async "a word is no currency, though it is the code of one in small letters"(t) {
    const meters = { service_name: "projects", metric_name: "meters_read" }; // neither recorded nor defined
    for (const unit of ["all", "cup", "pen", "try", "gel"]) {
      equal((await made(t, { ...BY_HAND, ...meters, unit })).unit, unit);
      equal((await made(t, { ...BY_HAND, metric_name: "post_likes", unit })).unit, unit); // a name for what is counted
    }
    await gifts(t, ["2025-01-10", 100]);
    const gift = { ...QUICK_START, metric_name: "donation_received" };
    equal((await made(t, { ...gift, unit: "chf" })).unit, "CHF"); // recorded in a currency, and so of money
    await t.json("POST", PATH, 422, { body: { ...BY_HAND, metric_name: "post_likes", unit: "USD" } });
  },
  async "progress and forecast say that no reading has the goal's unit, or its metric's name"(t) {
    await gifts(t, ["2025-12-23", 100], ["2025-12-23", 5, { metric_unit: "CHF" }]);
    const warnings = async (more: Record<string, unknown>) => {
      const { id } = await made(t, { ...QUICK_START, end_date: "2025-12-31", ...more });
      const progress = await t.json("GET", `${PATH}/${id}/progress`, 200);
      const forecast = await t.json("GET", `${PATH}/${id}/forecast`, 200);
      equal([progress.current_value, forecast.meta.warnings], [0, progress.meta.warnings]);
      return progress.meta.warnings;
    };
    const gift = { service_name: "partners_crm", metric_name: "donation_received" };
    equal(await warnings({ ...gift, unit: "EUR" }), [
      "No donation_received is recorded in EUR; there is CHF, USD, which the goal does not count",
    ]);
    equal(await warnings({ ...gift, metric_name: "donation_receved" }), [
      'No donation_receved is recorded; of type donation there is donation_received; did you mean "donation_received"?',
    ]);
    equal(await warnings({ ...gift, metric_name: "raffle" }), [
      "No raffle is recorded; of type donation there is donation_received",
    ]);
    await gifts(
      t,
      ...Array.from({ length: 9 }, (_, i): Parameters<typeof gifts>[1] => [
        ...["2025-12-23", 1] as const,
        { metric_unit: `A${i}` },
      ]),
    );
    equal(await warnings({ ...gift, unit: "EUR" }), [
      "No donation_received is recorded in EUR; there is A0, A1, A2, A3, A4, A5, A6, A7, A8, CHF and 1 more, which " +
      "the goal does not count",
    ]);
    equal(await warnings({ ...gift, start_date: "2025-12-24" }), []); // recorded, and only not in the window
  },
  async "a metric needs no service where only one has it"(t) {
    const goal = await made(t, { ...BY_HAND, metric_name: "followers", unit: "followers" });
    equal([goal.service_name, goal.aggregation], ["social_media", "last"]); // a level, not a sum
  },
  async "tracking that cannot be told is a 422 that says why"(t) {
    const refused = async (more: Record<string, unknown>) => {
      const { errors } = await t.json("POST", PATH, 422, { body: { ...BY_HAND, ...more } });
      return [errors[0].pointer, errors[0].detail];
    };
    const [pointer, detail] = await refused({ tracking: "metrics" });
    equal(pointer, "/tracking");
    match(detail, /partners_crm\/partner_interaction and social_media\/post_likes are both/);
    equal((await refused({ tracking: "manual", metric_name: "post_likes" }))[0], "/metric_name");
    equal((await refused({ service_name: "auth" }))[0], "/metric_name");
    equal((await refused({ metric_name: "unheard_of" }))[0], "/service_name");
    equal((await refused({ metric_name: "followers", aggregation: "sum" }))[0], "/aggregation");
    equal((await refused({ metric_name: "post_likes", unit: "USD" }))[0], "/unit");
  },
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
  async "a goal that a series feeds refuses readings, and says how it would take them"(t) {
    const { id } = await made(t, QUICK_START);
    const path = `${PATH}/${id}/update-progress`;
    const refused = await t.json("POST", path, 409, { body: { current_value: 1000 } });
    match(refused.detail, /partners_crm\/donation_received.*PUT \{"tracking": "manual"\}/);
    await t.json("PUT", `${PATH}/${id}`, 200, { body: { tracking: "manual" } });
    equal((await t.json("POST", path, 200, { body: { current_value: 1000 } })).progress_percentage, 1); // of 100,000
  },

  async "a goal that is fed by hand from now on keeps the value of its metrics, and says so"(t) {
    await gifts(t, ["2025-12-10", 210]);
    const { id } = await made(t, { ...QUICK_START, ...{ start_date: "2025-12-01", end_date: "2025-12-31" } });
    await t.json("PUT", `${PATH}/${id}`, 200, { body: { tracking: "manual" } });
    const stands = async () => {
      const { current_value, reason } = await t.json("GET", `${PATH}/${id}/progress`, 200);
      return [current_value, reason];
    };
    equal(await stands(), [210, "No reading by hand lies in the window; the value is from another one"]);
    await t.json("POST", `${PATH}/${id}/update-progress`, 200, { body: { current_value: 220 } });
    equal(await stands(), [220, null]);
    const unread = await made(t, BY_HAND);
    equal((await t.json("GET", `${PATH}/${unread.id}/progress`, 200)).reason, "Nobody has recorded a reading yet");
  },

  async "a tracked goal is computed from its window's readings in its unit when it is made"(t) {
    await gifts(t, ["2025-01-10", 250], ["2025-03-31", 750], ["2024-12-31", 9], ["2025-04-01", 9]);
    await gifts(t, ["2025-02-01", 500, { metric_unit: "EUR" }]);
    const goal = await made(t, QUICK_START);
    equal([goal.current_value, goal.progress_percentage], [1000, 1]); // 250 + 750 of 100,000
    equal(await readings(t, goal.id), [{ value: 1000, source: "metrics" }]);
  },
  async "progress is computed from the readings as they are, and the goal itself by the next update"(t) {
    const { id } = await made(t, QUICK_START);
    const path = `${PATH}/${id}`;
    const empty = await t.json("GET", `${path}/progress`, 200);
    match(empty.reason, /partners_crm\/donation_received has no reading/);
    await gifts(t, ["2025-01-10", 40_000]);
    const progress = await t.json("GET", `${path}/progress`, 200);
    equal([progress.current_value, progress.progress_percentage, progress.reason], [40_000, 40, null]);
    equal([progress.meta.data_through, progress.meta.complete], ["2025-01-10", true]);
    equal((await t.json("GET", path, 200)).current_value, 0);
    const first = await updateGoals(t.ctx, { goal_ids: [id, NOBODY] });
    equal([first.checked, first.updated], [1, 1]);
    equal((await t.json("GET", path, 200)).current_value, 40_000);
    equal(await readings(t, id), [{ value: 40_000, source: "metrics" }]);
  },
  async "an update that finds nothing new stores nothing"(t) {
    const goal = await made(t, { ...QUICK_START, ...{ start_date: "2025-12-01", end_date: "2025-12-31" } });
    const nothing = { checked: 1, updated: 0, alerted: 0, achieved: 0, failed: 0, errors: 0 };
    equal(await updateGoals(t.ctx), nothing);
    equal(await t.json("GET", `${PATH}/${goal.id}`, 200), goal);
  },
  async "an update takes many goals in short transactions, and reads a series that they share once"(t) {
    await t.db.query(
      `insert into goals (name, metric_type, target_value, unit, start_date, end_date, created_by, service_name, metric_name, aggregation)
       select 'Goal ' || i, 'donation', 1000, 'USD', '2025-12-01', '2025-12-31', $1, 'partners_crm', 'donation_received', 'sum'
       from generate_series(1, 450) i`,
      [NOBODY],
    );
    await gifts(t, ["2025-12-10", 250]);
    equal(await updateGoals(t.ctx), { checked: 450, updated: 450, alerted: 0, achieved: 0, failed: 0, errors: 0 });
    const [row] = await t.db.query<{ n: number }>(
      "select count(*)::int as n from goals where current_value = 250 and progress_percentage = 25 and version = 2",
    );
    equal(row?.n, 450);
  },
  async "a total may pass what a single reading may be"(t) {
    const december = { ...QUICK_START, ...{ start_date: "2025-12-01", end_date: "2025-12-31" } };
    const { id } = await made(t, december);
    await gifts(t, ...Array.from({ length: 12 }, (_, i): [string, number] => [`2025-12-${i + 10}`, 9e14]));
    equal((await updateGoals(t.ctx, { goal_ids: [id] })).updated, 1);
    const seen = await t.json("PUT", `${PATH}/${id}`, 200, { body: { target_value: 1e15 } });
    equal([seen.current_value, seen.progress_percentage], [1.08e16, 1080]); // 12 · 9e14 of 1e15
    equal((await made(t, december)).current_value, 1.08e16);
    equal((await t.json("GET", `${PATH}/${id}/forecast`, 200)).current_value, 1.08e16);
  },
  async "a goal that cannot be stored keeps no other of its batch from its value"(t) {
    const december = { ...QUICK_START, ...{ start_date: "2025-12-01", end_date: "2025-12-31" } };
    const ids: string[] = [];
    for (const name of ["First", "Poison", "Last"]) ids.push((await made(t, { ...december, name })).id);
    await t.db.exec("alter table goals add constraint poison check (name <> 'Poison' or current_value = 0)");
    await gifts(t, ["2025-12-10", 250]);
    const updated = await updateGoals(t.ctx);
    equal([updated.checked, updated.updated, updated.errors], [3, 2, 1]);
    const values = ids.map(async (id) => (await t.json("GET", `${PATH}/${id}`, 200)).current_value);
    equal(await Promise.all(values), [250, 0, 250]);
    equal(t.logged.filter((line) => line.startsWith("error a goal could not be updated: ")).length, 1);
  },
  async "a failure that is no goal's own ends the update at once, to be tried again"(t) {
    await made(t, { ...QUICK_START, ...DECEMBER });
    await made(t, { ...QUICK_START, ...DECEMBER });
    await gifts(t, ["2025-12-10", 250]);
    for (const error of [new StatementTimeout("Slow"), new RowsLocked("Held"), new Error("A defect")]) {
      let tried = 0;
      const transaction = () => {
        tried++;
        return Promise.reject(error);
      };
      await rejects(updateGoals({ ...t.ctx, db: { ...t.db, transaction } }), error);
      equal(tried, 1);
    }
    equal((await updateGoals(t.ctx)).updated, 2);
  },
  async "an update that is to end goes on with no further goal, also where it takes them one by one"(t) {
    await t.db.exec("alter table goals add constraint poison check (current_value = 0)");
    for (const name of ["First", "Last"]) await made(t, { ...QUICK_START, ...DECEMBER, name });
    await gifts(t, ["2025-12-10", 250]);
    const stop = new AbortController();
    let tried = 0;
    const db: typeof t.db = {
      ...t.db,
      async transaction(work) {
        if (++tried === 2) stop.abort(new Error("The time is up")); // both together, then the first alone
        return await t.db.transaction(work);
      },
    };
    await rejects(updateGoals({ ...t.ctx, db }, { signal: stop.signal }), /The time is up/);
    equal(tried, 2);
  },
  async "what an update has stored is counted, also where another goal then cannot be stored"(t) {
    const ids: string[] = [];
    for (const name of ["Sound", "Poison"]) ids.push((await made(t, { ...QUICK_START, ...DECEMBER, name })).id);
    await t.db.exec("alter table goals add constraint poison check (name <> 'Poison' or current_value = 0)");
    await gifts(t, ["2025-12-10", 100_000]);
    let edits = 1;
    const db: typeof t.db = {
      ...t.db,
      async transaction(work) {
        // The poisoned one is edited before the first attempt stores, so that only the second meets it.
        if (edits-- > 0) await t.db.query("update goals set version = version + 1 where id = $1", [ids[1] ?? ""]);
        return await t.db.transaction(work);
      },
    };
    const { updated, errors } = await updateGoals({ ...t.ctx, db });
    equal([updated, errors], [1, 1]);
  },
  async "a run fails that could not update or forecast a goal, once all others are stored"(t) {
    const ids: string[] = [];
    for (const name of ["Poison", "Sound"]) ids.push((await made(t, { ...QUICK_START, ...DECEMBER, name })).id);
    await t.runner.tick(); // the updates of their own
    await t.db.exec("alter table goals add constraint poison check (name <> 'Poison' or current_value = 0)");
    await gifts(t, ["2025-12-10", 250]);
    await t.setNow("2025-12-24T12:01:00Z");
    await t.runner.tick();
    equal((await t.json("GET", `${PATH}/${ids[1]}`, 200)).current_value, 250);
    const find = async () =>
      (await t.json("GET", "/api/v1/runs", 200)).items.find((run: Run) => "series" in run.config);
    const { state, attempt, error } = await find();
    equal([state, attempt, error.code, error.detail.errors], ["retrying", 1, "goals_failed", 1]);
    equal(error.message, "Goals that could not be updated: 1, or forecast: 0; the log says why");
    await t.db.exec("alter table goals drop constraint poison");
    await t.setNow("2025-12-24T13:00:00Z");
    await t.runner.tick();
    equal([(await find()).state, (await t.json("GET", `${PATH}/${ids[0]}`, 200)).current_value], ["succeeded", 250]);
  },
  async "a goal that is edited while it is computed is computed again on what was edited"(t) {
    const { id } = await made(t, { ...QUICK_START, ...{ start_date: "2025-12-01", end_date: "2025-12-31" } });
    await gifts(t, ["2025-12-10", 500]);
    let edits = 1;
    const db: typeof t.db = {
      ...t.db,
      async transaction(work) {
        if (edits-- > 0) await t.json("PUT", `${PATH}/${id}`, 200, { body: { target_value: 1000, unit: "EUR" } });
        return await t.db.transaction(work);
      },
    };
    await gifts(t, ["2025-12-10", 300, { metric_unit: "EUR" }]);
    await updateGoals({ ...t.ctx, db });
    const goal = await t.json("GET", `${PATH}/${id}`, 200);
    equal([goal.unit, goal.current_value, goal.progress_percentage], ["EUR", 300, 30]);
  },
  async "a goal alerts when its series crosses the threshold, with the reading that does it"(t) {
    const { id } = await made(t, {
      ...{ ...QUICK_START, target_value: 1000, alert_threshold: 75 },
      ...{ start_date: "2025-12-01", end_date: "2025-12-31" },
    });
    await gifts(t, ["2025-12-10", 800]);
    equal((await updateGoals(t.ctx)).alerted, 1);
    equal((await updateGoals(t.ctx)).alerted, 0);
    equal(await events(t, id), ["goal_alert"]);
  },
  async "a goal by hand for a window that is over waits for its readings, and the evaluation closes it"(t) {
    const november = { ...BY_HAND, alert_threshold: null, start_date: "2025-11-01", end_date: "2025-11-30" };
    const { id } = await made(t, november);
    const path = `${PATH}/${id}`;
    await t.json("PUT", path, 200, { body: { end_date: "2025-12-23" } }); // yesterday
    await t.runner.tick();
    equal([(await t.json("GET", path, 200)).status, await events(t, id)], ["active", []]);
    await t.json("POST", `${path}/update-progress`, 200, { body: { current_value: 100 } });
    await t.runner.tick();
    equal([(await t.json("GET", path, 200)).status, (await t.json("GET", "/api/v1/runs", 200)).items], ["active", []]);
    await evaluateGoals(t.ctx);
    equal(await events(t, id), ["goal_achieved"]);
    await made(t, { ...BY_HAND, end_date: "2025-12-24" }); // its last day is today
    equal((await t.json("GET", "/api/v1/runs?job_type=goal_update", 200)).items.length, 1);
  },
  async "a goal ends the day after its window in its own zone"(t) {
    const window = { start_date: "2025-12-20", end_date: "2025-12-24" };
    const utc = await made(t, { ...BY_HAND, ...window });
    const east = await made(t, { ...BY_HAND, ...window, timezone: "Pacific/Kiritimati" }); // 25 December since 10:00 UTC
    await t.json("POST", `${PATH}/${utc.id}/update-progress`, 200, { body: { current_value: 100 } });
    await t.setNow("2025-12-24T23:59:59Z");
    equal((await evaluateGoals(t.ctx)).failed, 1);
    equal((await t.json("GET", `${PATH}/${east.id}`, 200)).status, "failed");
    equal((await t.json("GET", `${PATH}/${utc.id}`, 200)).status, "active");
    await t.setNow("2025-12-25T00:00:00Z");
    equal((await evaluateGoals(t.ctx)).achieved, 1);
    equal((await t.json("GET", `${PATH}/${utc.id}`, 200)).status, "achieved");
    equal(await events(t, utc.id), ["goal_achieved", "goal_alert"]);
  },
  async "late readings turn a failed goal into an achieved one, and say so"(t) {
    const { id } = await made(t, QUICK_START);
    equal((await updateGoals(t.ctx)).failed, 1); // its window was over in April
    await gifts(t, ["2025-03-01", 100_000]);
    equal((await updateGoals(t.ctx)).achieved, 1);
    equal((await t.json("GET", `${PATH}/${id}`, 200)).status, "achieved");
    equal(await events(t, id), ["goal_achieved_late", "goal_failed"]);
  },
  async "a failed goal takes late readings by hand, an achieved one takes none"(t) {
    const { id } = await made(t, { ...BY_HAND, alert_threshold: null, end_date: "2025-12-23" });
    await evaluateGoals(t.ctx);
    const path = `${PATH}/${id}/update-progress`;
    equal((await t.json("POST", path, 200, { body: { current_value: 99 } })).status, "failed");
    equal((await t.json("POST", path, 200, { body: { current_value: 100 } })).status, "achieved");
    await t.json("POST", path, 409, { body: { current_value: 101 } });
    equal(await events(t, id), ["goal_achieved_late", "goal_failed"]);
  },
  async "a goal ends with its last day in its own zone, from the first to the last place where a day begins"(t) {
    const yesterday = { end_date: "2025-12-24", alert_threshold: null };
    const zones = { "Pacific/Kiritimati": "", UTC: "", "Europe/Berlin": "", "Pacific/Pago_Pago": "" };
    for (const timezone of Object.keys(zones)) {
      zones[timezone as keyof typeof zones] = (await made(t, { ...BY_HAND, ...yesterday, timezone })).id;
    }
    const open = async (at: string) => {
      await t.setNow(at);
      await evaluateGoals(t.ctx);
      const { items } = await t.json("GET", `${PATH}?status=active`, 200);
      return Object.entries(zones).filter(([, id]) => items.some((goal: { id: string }) => goal.id === id)).map((
        [zone],
      ) => zone);
    };
    equal((await open("2025-12-24T09:59:59.999Z")).length, 4);
    equal(await open("2025-12-24T10:00:00Z"), ["UTC", "Europe/Berlin", "Pacific/Pago_Pago"]); // UTC+14
    equal((await open("2025-12-24T22:59:59Z")).length, 3);
    equal(await open("2025-12-24T23:00:00Z"), ["UTC", "Pacific/Pago_Pago"]); // UTC+1
    equal(await open("2025-12-25T00:00:00Z"), ["Pacific/Pago_Pago"]);
    equal((await open("2025-12-25T10:59:59Z")).length, 1);
    equal(await open("2025-12-25T11:00:00Z"), []); // UTC−11
  },
  async "the day on which a zone turns its clocks is a day like any other"(t) {
    await t.setNow("2025-03-30T22:30:00Z"); // in Berlin, whose 30 March has 23 hours, the 31st has begun
    const goal = { ...BY_HAND, start_date: "2025-03-30", end_date: "2025-04-01", timezone: "Europe/Berlin" };
    const { id } = await made(t, goal);
    const days = async () => {
      const { meta, days_elapsed, days_remaining } = await t.json("GET", `${PATH}/${id}/progress`, 200);
      return [meta.as_of, days_elapsed, days_remaining];
    };
    equal(await days(), ["2025-03-31", 1, 2]);
    await t.setNow("2025-03-30T21:59:59Z");
    equal(await days(), ["2025-03-30", 0, 3]);
  },
  async "a goal that ended is open again under other terms"(t) {
    const { id } = await made(t, { ...BY_HAND, end_date: "2025-12-23" });
    await evaluateGoals(t.ctx);
    equal((await t.json("PUT", `${PATH}/${id}`, 200, { body: { name: "Visits" } })).status, "failed");
    equal((await t.json("PUT", `${PATH}/${id}`, 200, { body: { end_date: "2025-12-31" } })).status, "active");
  },
  async "a goal that ended is not opened by its status alone, so its end is told once"(t) {
    const { id } = await made(t, { ...BY_HAND, alert_threshold: null, end_date: "2025-12-23" });
    await t.json("POST", `${PATH}/${id}/update-progress`, 200, { body: { current_value: 100 } });
    equal((await evaluateGoals(t.ctx)).achieved, 1);
    const active = { status: "active" };
    const refused = await t.json("PUT", `${PATH}/${id}`, 409, { body: { ...active, name: "Visits" } });
    equal([refused.type, refused.detail], [
      "urn:problem:invalid_state",
      "This goal is achieved; other terms open it again",
    ]);
    await t.json("PUT", `${PATH}/${id}`, 409, { body: { ...active, target_value: 100 } }); // the target it has
    equal((await updateGoals(t.ctx, { goal_ids: [id] })).achieved, 0);
    equal(await events(t, id), ["goal_achieved"]);
    equal((await t.json("PUT", `${PATH}/${id}`, 200, { body: { ...active, target_value: 200 } })).status, "active");
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
  async "only readings with the goal's dimensions count"(t) {
    await gifts(t, ["2025-01-10", 100, { dimensions: { campaign: "spring", channel: "web" } }], ["2025-01-11", 7]);
    const goal = await made(t, { ...QUICK_START, dimensions: { campaign: "spring" } });
    equal([goal.metric_name, goal.current_value], ["donation_received", 100]);
  },
  async "a goal may count readings instead of adding them"(t) {
    await gifts(t, ["2025-01-10", 100], ["2025-01-10", 300], ["2025-02-11", 7]);
    const goal = await made(t, { ...QUICK_START, target_value: 10, unit: "gifts", aggregation: "count" });
    equal([goal.current_value, goal.progress_percentage], [3, 30]);
  },
  async "a goal to maintain what days bring tells the latest whole day, and judges what it counts"(t) {
    const window = { start_date: "2025-12-20", end_date: "2025-12-29", direction: "maintain" };
    // Two gifts a day of 30 USD each on 20 and 21 December, one of 50 on the 22nd, none on the 23rd; today is not over.
    await gifts(t, ["2025-12-20", 30], ["2025-12-20", 30], ["2025-12-21", 30], ["2025-12-21", 30], ["2025-12-22", 50]);
    await gifts(t, ["2025-12-24", 999]);
    const stands = async (more: Record<string, unknown>) => {
      const { current_value, progress_percentage, id } = await made(t, { ...QUICK_START, ...window, ...more });
      const forecast = await t.json("GET", `${PATH}/${id}/forecast`, 200);
      const progress = await t.json("GET", `${PATH}/${id}/progress`, 200);
      equal([forecast.current_value, progress.current_value], [current_value, current_value]);
      return [current_value, progress_percentage];
    };
    equal(await stands({ baseline_value: 55, target_value: 65 }), [0, 50]); // of 60, 60, 50 and 0
    const counted = { aggregation: "count", unit: "gifts" };
    equal(await stands({ ...counted, baseline_value: 1, target_value: 2 }), [0, 75]); // of 2, 2, 1 and 0
    // A day without a gift has no mean: of 30, 30, 50 and today's 999.
    equal(await stands({ aggregation: "avg", baseline_value: 20, target_value: 60 }), [999, 75]);
  },
  async "a level is what its series were read at last, added over the series"(t) {
    const followers = (date: string, platform: string, metric_value: number) => ({
      ...{ service_name: "social_media", metric_type: "engagement", metric_name: "followers", metric_unit: "count" },
      ...{ date, dimensions: { platform }, metric_value },
    });
    await ingestMetrics(t.ctx, { kind: "local" }, [
      ...[followers("2025-12-10", "a", 100), followers("2025-12-10", "b", 50), followers("2025-12-22", "a", 120)],
    ]);
    const goal = await made(t, { ...BY_HAND, metric_name: "followers", unit: "followers", target_value: 200 });
    equal([goal.current_value, goal.progress_percentage], [170, 85]); // 120 + 50 of 200
  },
  async "readings without a unit count where there are none in the goal's, with a warning"(t) {
    await gifts(t, ["2025-01-10", 100, { metric_unit: null }]);
    const { id, current_value } = await made(t, QUICK_START);
    equal(current_value, 100);
    const { meta } = await t.json("GET", `${PATH}/${id}/progress`, 200);
    equal(meta.warnings.at(-1), "The readings of donation_received carry no unit; they are taken as USD");
  },
};
