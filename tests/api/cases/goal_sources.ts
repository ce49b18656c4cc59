import { deepStrictEqual as equal, match } from "node:assert/strict";
import { ingestMetrics } from "../../../services/metrics/mod.ts";
import type { App } from "../../support/app.ts";
import { BY_HAND, gifts, made, PATH, QUICK_START } from "./goal_kit.ts";

/** What feeds a goal, and what its readings amount to. */
export const goalSourcesCases: Record<string, (t: App) => Promise<void>> = {
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
