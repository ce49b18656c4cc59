import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { ingestMetrics } from "../../../services/metrics/mod.ts";
import { checkClaims } from "../../unit/comparison_claims.ts";
import { closeTo } from "../../unit/math/close_to.ts";
import { anonymous, type App, bearer } from "../../support/app.ts";

const PATH = "/api/v1/advanced/comparisons";

const GIFT = {
  service_name: "partners_crm",
  metric_type: "donation",
  metric_name: "donation_received",
  metric_unit: "USD",
};
const REVENUE = { metric_type: "revenue", metric_name: "shop", metric_unit: "USD" };

/** Stores a reading for each value: one a day, the first on the day given; null for a day without one. */
async function daily(t: App, first: string, values: (number | null)[], more: Record<string, unknown>) {
  const rows = values.flatMap((metric_value, i) => {
    const date = new Date(Date.parse(first) + i * 86_400_000).toISOString().slice(0, 10);
    return metric_value === null ? [] : [{ ...GIFT, ...more, date, metric_value }];
  });
  equal((await ingestMetrics(t.ctx, { kind: "local" }, rows)).rejected, []);
}

const each = (days: number, value: number) => Array.from({ length: days }, () => value);

/** Asks for a comparison, every sentence of which has to be shown by the answer. */
async function compare(t: App, body: Record<string, unknown>) {
  const answer = await t.json("POST", PATH, 200, { body });
  for (const insight of answer.insights) checkClaims(answer, insight);
  return answer;
}

type Member = Record<string, unknown> & { key: string };
const column = (answer: { members: Member[] }, field: string) => answer.members.map((member) => member[field]);
const said = (answer: { insights: { kind: string; text: string }[] }, kind: string) =>
  answer.insights.filter((one) => one.kind === kind).map((one) => one.text);

const SERVICES = {
  comparison_type: "service",
  metric_type: "revenue",
  start_date: "2025-12-20",
  end_date: "2025-12-23",
};
const PERIODS = { comparison_type: "time_period", service_name: "partners_crm", metric_type: "donation" };
const SEGMENTS = {
  ...PERIODS,
  comparison_type: "segment",
  segment_by: "campaign",
  start_date: "2025-12-20",
  end_date: "2025-12-23",
};

/** Comparisons over HTTP. It is noon of 24 December 2025. */
export const comparisonsCases: Record<string, (t: App) => Promise<void>> = {
  async "comparisons of services rank them, and who is equal shares a place"(t) {
    await daily(t, "2025-12-20", [10, 20, 30, 40], { ...REVENUE, service_name: "content" });
    await daily(t, "2025-12-20", [5, 5, 10, 20], { ...REVENUE, service_name: "projects" });
    await daily(t, "2025-12-20", each(4, 25), { ...REVENUE, service_name: "auth" });
    const answer = await compare(t, SERVICES);
    equal([answer.status, answer.metric_name, answer.unit, answer.aggregation, answer.better], [
      ...["ok", "shop", "USD", "sum", "higher"],
    ]);
    equal(column(answer, "key"), ["auth", "content", "projects"]);
    equal(column(answer, "value"), [100, 100, 40]);
    equal(column(answer, "rank"), [1, 1, 3]);
    equal(column(answer, "share"), [100 / 240, 100 / 240, 40 / 240]);
    equal(column(answer, "difference_from_mean"), [20, 20, -40]); // of 240/3 = 80
    equal([answer.total, answer.n, answer.best, answer.worst], [240, 12, ["auth", "content"], ["projects"]]);
    // 20² + 20² + 40² = 2400, over 2.
    const { variance, stddev, coefficient_of_variation, range, ratio } = answer.spread;
    equal([variance, stddev, range, ratio], [1200, Math.sqrt(1200), 60, 2.5]);
    closeTo(coefficient_of_variation, Math.sqrt(1200) / 80, 1e-15);
    // 5, 5, 10, 20: mean 10, squares 25 + 25 + 0 + 100, over 3.
    const projects = answer.members[2];
    equal([projects.periods, projects.mean, projects.median, projects.min, projects.max], [4, 10, 7.5, 5, 20]);
    closeTo(projects.stddev, Math.sqrt(50), 1e-15);
    equal(said(answer, "tie"), ["auth and content share first place with 100 USD each."]);
    // auth does not vary, so ranks decide: scipy.stats.kruskal 1.17.1 gives these.
    equal([answer.significance.test, answer.significance.significant], ["kruskal_wallis", false]);
    closeTo(answer.significance.statistic, 5.963369963369964, 1e-12);
    closeTo(answer.significance.p_value_if_independent, 0.05070732093420091, 1e-12);
    match(said(answer, "chance")[0] ?? "", /may be chance/);
  },
  async "comparisons of two test their means by Welch, and call a lead that is not significant chance"(t) {
    await daily(t, "2025-12-20", [10, 30, 10, 30], { ...REVENUE, service_name: "content" });
    await daily(t, "2025-12-20", [5, 15, 5, 15], { ...REVENUE, service_name: "projects" });
    const answer = await compare(t, SERVICES);
    // Means 20 and 10, variances 400/3 and 100/3: t = 10/√(500/12), df = (125/3)²/((100/3)² + (25/3)²)·3 = 75/17.
    const { test, statistic, df, p_value, significant, effect, pairwise } = answer.significance;
    equal([test, significant, effect.measure, answer.significance_reason], ["welch_t", false, "hedges_g", null]);
    closeTo(statistic, 10 / Math.sqrt(500 / 12), 1e-14);
    closeTo(df[0], 75 / 17, 1e-14);
    closeTo(p_value, 0.18966524945720858, 1e-12); // scipy.stats.ttest_ind(…, equal_var=False)
    // Pooled variance 250/3; Hedges' exact factor for 6 degrees of freedom is Γ(3)/(√3·Γ(2.5)) = 2/(√3·0.75·√π).
    closeTo(effect.value, (10 / Math.sqrt(250 / 3)) * (2 / (Math.sqrt(3) * 0.75 * Math.sqrt(Math.PI))), 1e-12);
    equal([pairwise.length, pairwise[0].a, pairwise[0].b, pairwise[0].p_adjusted], [1, "content", "projects", p_value]);
    equal(said(answer, "leader"), ["content leads with 80 USD, 67 % of the total; projects is next with 40 USD."]);
    equal(said(answer, "gap"), ["content has 2 times as much as projects."]);
    equal(said(answer, "chance"), ["The lead of content over projects may be chance (p = 0.19)."]);
  },
  async "comparisons never mix units: the one most recorded is taken, and the others are named"(t) {
    await daily(t, "2025-12-20", [10, 20, 30, 40], { ...REVENUE, service_name: "content" });
    await daily(t, "2025-12-20", [1, 2], { ...REVENUE, service_name: "projects", metric_unit: "EUR" });
    const answer = await compare(t, SERVICES);
    equal([answer.unit, column(answer, "key"), answer.status], ["USD", ["content"], "insufficient_data"]);
    match(answer.meta.warnings[0], /this is USD, flow, the most recorded of the last year\. Others: EUR, flow/);
    equal((await compare(t, { ...SERVICES, metric_unit: "EUR" })).members[0].value, 3);
  },
  async "comparisons of services without a name take for each the metric that stands for it"(t) {
    const likes = {
      service_name: "social_media",
      metric_type: "engagement",
      metric_name: "post_likes",
      metric_unit: "count",
    };
    await daily(t, "2025-12-20", [10, 10, 10, 10], likes);
    await daily(t, "2025-12-20", [99, 99, 99, 99], { ...likes, metric_name: "post_shares" });
    await daily(t, "2025-12-20", [1, 2, 3], {
      ...likes,
      service_name: "partners_crm",
      metric_name: "partner_interaction",
    });
    const answer = await compare(t, {
      ...SERVICES,
      metric_type: "engagement",
      services: ["social_media", "partners_crm", "auth"],
    });
    equal([answer.metric_name, column(answer, "metric_name")], [null, ["post_likes", "partner_interaction"]]);
    equal(answer.meta.warnings, [
      "The services stand with different metrics: partners_crm partner_interaction, social_media post_likes",
      "auth records nothing like this",
      "partners_crm has sent nothing since 2025-12-22",
    ]);
    equal(column(answer, "complete"), [true, false]);
    // Likes and interactions are counts of different things: they rank, and make no whole.
    equal([column(answer, "value"), answer.total, column(answer, "share")], [[40, 6], null, [null, null]]);
    equal(said(answer, "leader"), [
      "social_media leads with 40 (post_likes); partners_crm is next with 6 (partner_interaction).",
    ]);
  },
  async "comparisons of one member have neither best nor worst, and say so"(t) {
    await daily(t, "2025-12-20", [10, 20], { ...REVENUE, service_name: "content" });
    const answer = await compare(t, SERVICES);
    equal([answer.status, answer.best, answer.worst, answer.spread.variance], ["insufficient_data", [], [], null]);
    match(answer.reason, /only one member/);
    equal(answer.insights.map((one: { text: string }) => one.text).slice(0, 2), [
      "There is only content, so there is nothing to compare it with.",
      "content has 30 USD from 2 readings.",
    ]);
  },
  async "comparisons of what is all the same name nobody"(t) {
    for (const service_name of ["content", "projects", "auth"]) {
      await daily(t, "2025-12-20", each(4, 3), { ...REVENUE, service_name });
    }
    const answer = await compare(t, SERVICES);
    equal([answer.status, answer.best, answer.worst, column(answer, "rank")], ["ok", [], [], [1, 1, 1]]);
    equal(said(answer, "equal"), ["There is no best and no worst: all 3 have 12 USD."]);
    equal([answer.significance, answer.significance_reason], [null, "No value differs within its member"]);
    equal(said(answer, "chance"), []); // there are no differences
  },
  async "comparisons leave today out, which is not over, unless there is no other day"(t) {
    await daily(t, "2025-12-21", [10, 20, 30, 1], { ...REVENUE, service_name: "content" }); // today has only begun
    await daily(t, "2025-12-21", [5, 5, 5, 90], { ...REVENUE, service_name: "projects" });
    const both = await compare(t, { ...SERVICES, start_date: "2025-12-21", end_date: "2025-12-31" });
    equal([column(both, "key"), column(both, "value"), column(both, "per_day")], [["content", "projects"], [60, 15], [
      20,
      5,
    ]]);
    equal([column(both, "days"), column(both, "periods"), column(both, "complete")], [[3, 3], [3, 3], [false, false]]);
    equal(both.meta.period.end_date, "2025-12-31");
    const today = await compare(t, { ...SERVICES, start_date: "2025-12-24", end_date: "2025-12-24" });
    equal([column(today, "value"), column(today, "days")], [[90, 1], [1, 1]]);
    await daily(t, "2025-12-24", [7], GIFT);
    const begun = await compare(t, { ...PERIODS, period: "month", start_date: "2025-12-01", end_date: "2025-12-31" });
    equal(begun.reason, "No reading from 2025-12-01 to 2025-12-23; the latest is of 2025-12-24");
  },
  async "comparisons of nothing say why, and claim nothing"(t) {
    const never = await compare(t, SERVICES);
    equal([never.status, never.reason, never.members, never.insights], [
      ...["insufficient_data", "Nothing of type revenue is recorded by any service", [], []],
    ]);
    equal([never.best, never.significance, never.total, never.aggregation, never.n], [[], null, null, null, 0]);
    await daily(t, "2025-10-20", [10, 20], GIFT);
    const inEuros = await compare(t, { ...PERIODS, period: "week", metric_unit: "EUR" });
    equal([inEuros.status, inEuros.reason], ["insufficient_data", "No donation is recorded in EUR; there is USD"]);
    const silent = await compare(t, { ...PERIODS, period: "week", start_date: "2025-12-01", end_date: "2025-12-14" });
    equal([silent.members, silent.insights], [[], []]);
    equal(silent.reason, "No reading from 2025-12-01 to 2025-12-14; the latest is of 2025-10-21");
    await daily(t, "2025-12-20", [3, 4], { dimensions: { country: "KE" } });
    const { status, reason, members, other, insights } = await compare(t, SEGMENTS); // of campaigns
    equal([status, members, insights], ["insufficient_data", [], []]);
    equal(reason, 'No reading from 2025-12-20 to 2025-12-23 has the dimension "campaign"');
    equal(other, { members: 0, n: 2, value: 7, share: 1 });
    const strange = await compare(t, { ...SEGMENTS, dimensions: { country: "DE" } });
    equal(strange.reason, "No reading from 2025-12-20 to 2025-12-23 has these dimensions");
  },
  async "comparisons of months leave the running one out, and set it against as many days"(t) {
    await daily(t, "2025-10-01", [...each(31, 10), ...each(30, 10), ...each(23, 20), 7], GIFT); // today has only begun
    const answer = await compare(t, { ...PERIODS, period: "month", start_date: "2025-10-01", end_date: "2025-12-31" });
    equal(column(answer, "key"), ["2025-10-01", "2025-11-01", "2025-12-01"]);
    equal(column(answer, "label"), ["October 2025", "November 2025", "December 2025"]);
    equal(column(answer, "value"), [310, 300, 460]);
    equal(column(answer, "per_day"), [10, 10, 20]);
    equal([column(answer, "days"), column(answer, "length_days")], [[31, 30, 23], [31, 30, 31]]);
    equal([column(answer, "complete"), column(answer, "rank")], [[true, true, false], [1, 2, null]]);
    equal(column(answer, "periods"), [31, 30, 23]);
    equal([answer.best, answer.worst, answer.spread.n], [["2025-10-01"], ["2025-11-01"], 2]);
    const [first, november, december] = answer.members;
    equal(first.change_from_previous, null);
    equal(november.change_from_previous, {
      ...{ key: "2025-10-01", start_date: "2025-10-01", end_date: "2025-10-31" },
      ...{ value: 310, difference: -10, relative: -10 / 310 },
    });
    equal(december.change_from_previous, { // 1 to 23 November: 230
      ...{
        key: "2025-11-01",
        start_date: "2025-11-01",
        end_date: "2025-11-23",
        value: 230,
        difference: 230,
        relative: 1,
      },
    });
    equal(december.change_from_first, null);
    equal(said(answer, "incomplete"), [
      "December 2025 is not complete: 23 of its 31 days are counted, and it is not ranked; against as many days of " +
      "November 2025 it is up 100 %, from 230 USD to 460 USD.",
    ]);
    equal(answer.meta.period, { start_date: "2025-10-01", end_date: "2025-12-31", timezone: "UTC", complete: false });
  },
  async "comparisons of calendar periods without dates take twelve months and the running one up to yesterday"(t) {
    await daily(t, "2024-11-01", each(418, 1), GIFT); // to 23 December 2025
    const answer = await compare(t, { ...PERIODS, period: "month" });
    equal([answer.members.length, answer.members[0].key, answer.members[12].key], [13, "2024-12-01", "2025-12-01"]);
    equal([answer.meta.period.end_date, answer.members[12].value], ["2025-12-23", 23]);
    // Equal days: by the month those of 31 days lead.
    equal(answer.best.length, 7);
    equal(answer.worst, ["2025-02-01"]);
  },
  async "comparisons of a month that the window cuts do not rank it"(t) {
    await daily(t, "2025-09-01", each(114, 2), GIFT); // to 23 December
    const answer = await compare(t, { ...PERIODS, period: "month", start_date: "2025-09-16", end_date: "2025-11-30" });
    equal([column(answer, "rank"), column(answer, "value")], [[null, 1, 2], [30, 62, 60]]);
    equal([answer.members[0].days, answer.members[1].change_from_previous], [15, null]);
    equal(said(answer, "incomplete"), [
      "September 2025 is not complete: 15 of its 30 days are counted, and it is not ranked.",
    ]);
  },
  async "comparisons with the period before are fair to a running window"(t) {
    await daily(t, "2025-11-01", [...each(30, 10), ...each(23, 15), 1], GIFT); // today has only begun
    const answer = await compare(t, {
      ...PERIODS,
      compare: "previous_period",
      start_date: "2025-12-01",
      end_date: "2025-12-31",
    });
    equal(column(answer, "value"), [230, 345]); // 23 days each
    equal([column(answer, "complete"), column(answer, "rank")], [[true, false], [2, 1]]);
    equal([column(answer, "days"), column(answer, "periods"), column(answer, "per_day")], [[23, 23], [23, 23], [
      10,
      15,
    ]]);
    equal([column(answer, "length_days"), column(answer, "end_date")], [[23, 31], ["2025-11-23", "2025-12-23"]]);
    equal(answer.meta.compared_with, { start_date: "2025-11-01", end_date: "2025-11-23" });
    equal(answer.meta.period.start_date, "2025-12-01");
    equal(answer.members[1].change_from_previous.relative, 0.5);
    equal(said(answer, "change"), [
      "2025-12-01 to 2025-12-23 is up 50 % against 2025-11-01 to 2025-11-23, from 230 USD to 345 USD.",
    ]);
    // Both are called by the days that are compared, also where the window as a whole has a name.
    equal([column(answer, "key"), column(answer, "label")], [
      ["2025-11-01/2025-11-23", "2025-12-01/2025-12-23"],
      ["2025-11-01 to 2025-11-23", "2025-12-01 to 2025-12-23"],
    ]);
    const toToday = { ...PERIODS, compare: "previous_year", start_date: "2025-12-01", end_date: "2025-12-24" };
    equal(column(await compare(t, toToday), "label"), ["2024-12-01 to 2024-12-23", "2025-12-01 to 2025-12-23"]);
    const yesterday = await compare(t, {
      ...PERIODS,
      compare: "previous_period",
      start_date: "2025-12-22",
      end_date: "2025-12-23",
    });
    equal([column(yesterday, "days"), column(yesterday, "complete")], [[2, 2], [true, true]]);
    const today = await compare(t, { ...PERIODS, compare: "previous_period", start_date: "2025-12-24" });
    equal([today.status, column(today, "value"), column(today, "rank"), column(today, "per_day")], [
      ...["insufficient_data", [15, 1], [1, null], [15, 1]],
    ]);
    const year = await compare(t, {
      ...PERIODS,
      compare: "previous_year",
      start_date: "2025-11-01",
      end_date: "2025-11-30",
    });
    equal([column(year, "value"), column(year, "rank")], [[null, 300], [null, 1]]); // nothing was recorded then
    equal(said(year, "missing"), ["Of November 2024 nothing is known: it has no value and no rank."]);
  },
  async "comparisons of a month that is over take the whole month before, also where the service stopped with it"(t) {
    await daily(t, "2025-10-01", [...each(31, 10), ...each(30, 11)], GIFT); // to 30 November
    const month = { start_date: "2025-11-01", end_date: "2025-11-30" };
    const answer = await compare(t, { ...PERIODS, compare: "previous_period", ...month });
    equal([column(answer, "value"), column(answer, "days")], [[310, 330], [31, 30]]);
  },
  async "comparisons of named periods of different length rank by the day"(t) {
    await daily(t, "2025-11-01", [...each(7, 20), ...each(23, 10)], GIFT);
    await daily(t, "2025-12-23", [1], GIFT);
    const periods = [
      { start_date: "2025-11-01", end_date: "2025-11-07", label: "opening" },
      { start_date: "2025-11-01", end_date: "2025-11-30" },
    ];
    const answer = await compare(t, { ...PERIODS, periods });
    equal([answer.ranked_by, column(answer, "value")], ["per_day", [140, 370]]);
    equal([column(answer, "per_day"), column(answer, "rank")], [[20, 370 / 30], [1, 2]]);
    equal([answer.total, column(answer, "share")], [null, [null, null]]); // they overlap
    equal([column(answer, "label"), answer.best], [["opening", "November 2025"], ["2025-11-01/2025-11-07"]]);
    equal(said(answer, "leader"), ["opening leads with 20 USD a day; November 2025 is next with 12.3 USD a day."]);
  },
  async "comparisons with a period of nothing have no percentage"(t) {
    await daily(t, "2025-11-01", [10, ...each(15, 0).map(() => null), ...each(7, 10)], GIFT); // 17 to 23 November
    const periods = [
      { start_date: "2025-11-10", end_date: "2025-11-16", label: "before" },
      { start_date: "2025-11-17", end_date: "2025-11-23", label: "after" },
    ];
    const answer = await compare(t, { ...PERIODS, periods });
    equal([column(answer, "value"), column(answer, "periods")], [[0, 70], [7, 7]]);
    equal(answer.members[1].change_from_previous, {
      ...{ key: "2025-11-10/2025-11-16", start_date: "2025-11-10", end_date: "2025-11-16" },
      ...{ value: 0, difference: 70, relative: null },
    });
    equal(said(answer, "zero_baseline"), [
      "after has 70 USD after 0 USD in before: a change from zero has no percentage.",
    ]);
    equal(said(answer, "change"), []);
  },
  async "comparisons of segments take the largest, and add up the rest"(t) {
    const rows = [["a", [30, 10, 10, 10]], ["b", [10, 10, 5, 5]], ["c", [10]]] as const;
    for (const [campaign, values] of rows) await daily(t, "2025-12-20", [...values], { dimensions: { campaign } });
    await daily(t, "2025-12-20", [20], { dimensions: { country: "KE" } });
    const answer = await compare(t, { ...SEGMENTS, limit: 2 });
    equal([column(answer, "key"), column(answer, "value"), column(answer, "n")], [["a", "b"], [60, 30], [4, 4]]);
    equal([column(answer, "share"), answer.total], [[0.5, 0.25], 120]);
    equal(answer.other, { members: 1, n: 2, value: 30, share: 0.25 }); // c, and what has no campaign
    // Of a, b and c: 60, 30, 10; 1/(0.6² + 0.3² + 0.1²) = 1/0.46.
    equal([answer.concentration.parts, answer.concentration.largest_share], [3, 0.5]);
    closeTo(answer.concentration.effective_number, 1 / 0.46, 1e-14);
    equal(said(answer, "other"), ["Everything else, 1 smaller one among it, has 30 USD: 25 % of the total."]);
    const all = await compare(t, SEGMENTS);
    equal([column(all, "key"), column(all, "periods")], [["a", "b", "c"], [4, 4, 4]]);
    equal(all.members[2].mean, 2.5); // c has nothing on three days of four
    equal(said(all, "other"), ["What has no campaign has 20 USD: 17 % of the total."]); // 20 of 120
    const some = await compare(t, { ...SEGMENTS, segment_by: "country", dimensions: { country: "KE" } });
    equal([some.status, some.members[0].key, some.members[0].value], ["insufficient_data", "KE", 20]);
  },
  async "comparisons of segments take a number and its text for one value, and quote it"(t) {
    await daily(t, "2025-12-20", [1, 2], { dimensions: { campaign: 7 } });
    await daily(t, "2025-12-20", [3, 4], { dimensions: { campaign: "7" } });
    await daily(t, "2025-12-20", [5, 1], { dimensions: { campaign: "8" } });
    const answer = await compare(t, SEGMENTS);
    equal([column(answer, "key"), column(answer, "value"), column(answer, "max")], [["7", "8"], [10, 6], [6, 5]]);
    match(said(answer, "leader")[0] ?? "", /^"7" leads with 10 USD/);
  },
  async "comparisons know which way is good, and levels have no test"(t) {
    const latency = {
      service_name: "notification",
      metric_type: "notification",
      metric_name: "delivery_latency_ms",
      metric_unit: "ms",
    };
    await daily(t, "2025-12-20", [100, 300], { ...latency, dimensions: { channel: "sms" } });
    await daily(t, "2025-12-20", [40, 20], { ...latency, dimensions: { channel: "push" } });
    const body = { ...SEGMENTS, service_name: "notification", metric_type: "notification", segment_by: "channel" };
    const answer = await compare(t, { ...body, metric_name: "delivery_latency_ms" });
    equal([answer.better, answer.aggregation, answer.total, answer.best], ["lower", "avg", null, ["push"]]);
    equal([column(answer, "value"), column(answer, "share")], [[30, 200], [null, null]]);
    equal(said(answer, "leader"), [
      "push is best with 30 ms on average, as lower is better here; sms is next with 200 ms.",
    ]);

    const followers = {
      service_name: "social_media",
      metric_type: "engagement",
      metric_name: "followers",
      metric_unit: "count",
    };
    await daily(t, "2025-12-20", [100, 120], { ...followers, dimensions: { platform: "x" } });
    await daily(t, "2025-12-21", [50], { ...followers, dimensions: { platform: "y" } });
    const level = {
      ...SEGMENTS,
      service_name: "social_media",
      metric_type: "engagement",
      metric_name: "followers",
      segment_by: "platform",
    };
    const levels = await compare(t, level);
    equal([levels.kind, levels.aggregation, column(levels, "value")], ["gauge", "last", [120, 50]]);
    equal([column(levels, "mean"), levels.significance], [[115, 50], null]); // 100 and three times 120; y is known from the 21st
    match(levels.significance_reason, /^A level carries over/);
    equal(column(await compare(t, { ...level, aggregation: "avg" }), "value"), [115, 50]);
    const { errors } = await t.json("POST", PATH, 422, { body: { ...level, aggregation: "sum" } });
    equal(errors[0], {
      pointer: "/aggregation",
      detail: "followers is a gauge, which does not add up over time: use last",
    });
  },
  async "comparisons count days of the zone asked, and readings where these are asked"(t) {
    const at = (timestamp: string, metric_value: number) => ({ ...GIFT, timestamp, metric_value });
    await ingestMetrics(t.ctx, { kind: "local" }, [at("2025-12-20T23:30:00Z", 5), at("2025-12-21T12:00:00Z", 7)]);
    const days = (day: string) => ({ start_date: day, end_date: day });
    const body = { ...PERIODS, periods: [days("2025-12-20"), days("2025-12-21")] };
    equal(column(await compare(t, body), "value"), [5, 7]);
    equal(column(await compare(t, { ...body, timezone: "Europe/Berlin" }), "value"), [0, 12]);
    equal(column(await compare(t, { ...body, timezone: "Europe/Berlin", aggregation: "count" }), "value"), [0, 2]);
    equal(column(await compare(t, { ...body, aggregation: "avg" }), "value"), [5, 7]);
  },
  async "comparisons with contradictions are a 422 that names the field"(t) {
    const days = (start_date: string, end_date: string) => ({ start_date, end_date });
    const two = [days("2025-01-01", "2025-01-31"), days("2025-02-01", "2025-02-28")];
    const wrong: [string, Record<string, unknown>][] = [
      ["/comparison_type", { ...PERIODS }],
      ["/comparison_type", { ...PERIODS, period: "month", compare: "previous_year" }],
      ["/comparison_type", { ...PERIODS, comparison_type: "region" }],
      ["/segment_by", { ...PERIODS, comparison_type: "segment" }],
      ["/segment_by", { ...PERIODS, period: "month", segment_by: "campaign" }],
      ["/services", { ...PERIODS, period: "month", services: ["auth"] }],
      ["/service_name", { ...SERVICES, service_name: "auth" }],
      ["/start_date", { ...PERIODS, periods: two, start_date: "2025-01-01" }],
      ["/periods", { ...PERIODS, periods: two.slice(1) }],
      ["/periods/0/end_date", { ...PERIODS, periods: [days("2025-02-01", "2025-01-01"), ...two] }],
      ["/periods/2", { ...PERIODS, periods: [...two, ...two] }],
      ["/periods", { ...PERIODS, periods: [days("2001-01-01", "2001-01-31"), ...two] }],
      ["/end_date", { ...SEGMENTS, start_date: "2025-12-24", end_date: "2025-12-01" }],
      ["/start_date", { ...SEGMENTS, start_date: "2001-01-01" }],
      ["/period", { ...PERIODS, period: "week", start_date: "2020-01-01" }],
      ["/limit", { ...SEGMENTS, limit: 1 }],
      ["/limit", { ...SEGMENTS, limit: 51 }],
      ["/interval", { ...SEGMENTS, interval: "hour" }],
      ["/timezone", { ...SEGMENTS, timezone: "Mars/Olympus" }],
    ];
    for (const [pointer, body] of wrong) {
      const { errors } = await t.json("POST", PATH, 422, { body });
      ok(errors.some((one: { pointer: string }) => one.pointer === pointer), `${pointer}: ${JSON.stringify(errors)}`);
    }
    const slip = await t.json("POST", PATH, 422, { body: { ...SEGMENTS, segmentby: "campaign" } });
    match(slip.errors[0].detail, /did you mean "segment_by"\?/);
    await daily(t, "2025-12-20", [1], GIFT);
    const name = await t.json("POST", PATH, 422, { body: { ...SEGMENTS, metric_name: "donation_recieved" } });
    match(name.errors[0].detail, /did you mean "donation_received"\?/);
  },
  async "comparisons need a token, which may ask by persons, and are not stored"(t) {
    await daily(t, "2025-12-20", [1, 2], { dimensions: { partner_id: "p1" } });
    await daily(t, "2025-12-20", [5, 1], { dimensions: { partner_id: "p2" } });
    const body = { ...SEGMENTS, segment_by: "partner_id" };
    equal((await t.request("POST", PATH, { body, as: anonymous })).status, 401);
    const answer = await t.request("POST", PATH, { body, as: bearer() });
    equal([answer.status, answer.headers.get("cache-control")], [200, "no-store"]);
    equal(column(await answer.json(), "key"), ["p2", "p1"]);
  },
};
