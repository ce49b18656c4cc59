import assert from "node:assert/strict";
import { ANOMALIES, DONATION_TRUTH, PROJECT_TRUTH, SOCIAL_TRUTH, STORY } from "../../db/demo/charity.ts";
import { dayNumber, dayOf } from "../../db/demo/days.ts";
import { type DemoMetric, demoMetrics } from "../../db/demo/mod.ts";
import { seededRandom } from "../../db/demo/random.ts";

const LAST = "2026-11-22";
const days = [...demoMetrics(STORY.start, LAST)];
const rows = days.flat();
const gifts = rows.filter(({ metric_name }) => metric_name === "donation_received");
/** The gifts without the anomalies that come as campaigns of their own. */
const usualGifts = gifts.filter(({ dimensions }) =>
  dimensions.campaign !== ANOMALIES.legacy_gift.campaign && dimensions.campaign !== ANOMALIES.flood_appeal.campaign
);

/** The dictionary of the domain: service, type, unit, and the dimensions every row of the name carries. */
const DICTIONARY: Record<string, readonly [string, string, string, readonly string[]]> = {
  donation_received: ["partners_crm", "donation", "USD", [
    "partner_id",
    "partner_type",
    "campaign",
    "channel",
    "recurring",
    "country",
  ]],
  donation_refunded: ["partners_crm", "donation", "USD", ["partner_id"]],
  partner_registered: ["partners_crm", "partner", "count", ["partner_id", "partner_type", "country"]],
  partner_lapsed: ["partners_crm", "partner", "count", ["partner_id", "partner_type", "country"]],
  partner_active: ["partners_crm", "partner", "count", ["partner_type", "country"]],
  partner_interaction: ["partners_crm", "engagement", "count", ["partner_id", "kind"]],
  project_started: ["projects", "project", "count", ["project_id", "project_type", "planned_end"]],
  project_completed: ["projects", "project", "count", ["project_id", "project_type", "planned_end", "actual_end"]],
  project_status: ["projects", "project", "count", ["project_id", "status"]],
  budget_planned: ["projects", "project", "USD", ["project_id"]],
  planned_value: ["projects", "project", "USD", ["project_id"]],
  earned_value: ["projects", "project", "USD", ["project_id"]],
  cost_actual: ["projects", "project", "USD", ["project_id", "category"]],
  beneficiaries_reached: ["projects", "beneficiary", "count", ["project_id", "category", "direct"]],
  ...named(["post_published", "post_reach", "post_impressions"], "social_media", "social_post", [
    "platform",
    "post_id",
    "content_type",
  ]),
  ...named(["post_likes", "post_comments", "post_shares", "post_clicks", "post_saves"], "social_media", "engagement", [
    "platform",
    "post_id",
  ]),
  followers: ["social_media", "engagement", "count", ["platform"]],
  ...named(
    ["sent", "delivered", "bounced_hard", "bounced_soft", "opened", "clicked", "unsubscribed", "complained", "failed"]
      .map((name) => `notification_${name}`),
    "notification",
    "notification",
    ["channel", "campaign", "template_id"],
  ),
  delivery_latency_ms: ["notification", "notification", "ms", ["channel"]],
};

Deno.test("the same dates give the same rows", () => {
  const month = () => [...demoMetrics("2024-01-01", "2024-01-31")];
  assert.deepEqual(month(), month());
});

Deno.test("a later end only adds days, and a later start only leaves days out", () => {
  assert.deepEqual(
    [...demoMetrics(STORY.start, "2025-01-05")],
    days.slice(0, dayNumber("2025-01-05") - dayNumber(STORY.start) + 1),
  );
  assert.deepEqual([...demoMetrics("2026-11-01", LAST)], days.slice(-22));
});

Deno.test("there is one array a day, oldest first, and each holds that day's rows in the order of their time", () => {
  assert.equal(days.length, dayNumber(LAST) - dayNumber(STORY.start) + 1);
  days.forEach((day, i) => {
    const { date } = dayOf(dayNumber(STORY.start) + i);
    assert.ok(day.length > 0, date);
    let before = "";
    for (const row of day) {
      assert.equal(row.date, date);
      assert.equal(row.timestamp.slice(0, 10), date);
      assert.match(row.timestamp, /T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/);
      assert.ok(before <= row.timestamp);
      before = row.timestamp;
    }
  });
});

Deno.test("no days before the story, none for an end before the start, and no dates that no calendar has", () => {
  assert.deepEqual([...demoMetrics("2020-01-01", "2023-12-31")], []);
  assert.deepEqual([...demoMetrics("2024-02-02", "2024-02-01")], []);
  assert.equal([...demoMetrics("2023-12-30", "2024-01-02")].length, 2);
  for (const wrong of ["2025-02-29", "2025-13-01", "yesterday", "2025-1-1"]) {
    assert.throws(() => demoMetrics(wrong, LAST).next(), RangeError);
  }
});

Deno.test("two years and eleven months are between 90,000 and 160,000 rows", () => {
  assert.ok(rows.length >= 90_000 && rows.length <= 160_000, String(rows.length));
});

Deno.test("an external_id is unique within its service and short enough to index", () => {
  assert.equal(
    new Set(rows.map(({ service_name, external_id }) => `${service_name} ${external_id}`)).size,
    rows.length,
  );
  assert.ok(rows.every(({ external_id }) => external_id.length <= 100));
});

Deno.test("names, services, types, units and dimensions are those of the dictionary, and every name occurs", () => {
  assert.deepEqual([...new Set(rows.map(({ metric_name }) => metric_name))].sort(), Object.keys(DICTIONARY).sort());
  for (const row of rows) {
    const [service, type, unit, dimensions] = DICTIONARY[row.metric_name] ?? [];
    assert.equal(row.service_name, service);
    assert.equal(row.metric_type, type);
    assert.equal(row.metric_unit, unit);
    assert.deepEqual(Object.keys(row.dimensions), dimensions);
  }
});

Deno.test("counts are whole and not negative, money has two decimals, and flags are booleans", () => {
  for (const { metric_name, metric_unit, metric_value, dimensions } of rows) {
    assert.ok(Number.isFinite(metric_value) && metric_value >= 0, metric_name);
    if (metric_unit === "count") assert.ok(Number.isInteger(metric_value), metric_name);
    if (metric_unit === "USD") assert.equal(metric_value, Number(metric_value.toFixed(2)), metric_name);
    if ("recurring" in dimensions) assert.equal(typeof dimensions.recurring, "boolean");
    if ("direct" in dimensions) assert.equal(typeof dimensions.direct, "boolean");
    if ("partner_id" in dimensions) assert.match(String(dimensions.partner_id), /^p-\d{4}$/);
  }
});

Deno.test("December brings two and a half to three times an average month", () => {
  for (const year of ["2024", "2025"]) {
    inBand(total(usualGifts, `${year}-12`) * 12 / total(usualGifts, year), DONATION_TRUTH.december_peak);
  }
});

Deno.test("donations grow by about a tenth a year", () => {
  const untilNovember = usualGifts.filter(({ date }) => date.slice(5) <= LAST.slice(5));
  inBand(total(usualGifts, "2025") / total(usualGifts, "2024") - 1, DONATION_TRUTH.yearly_growth);
  inBand(total(untilNovember, "2026") / total(untilNovember, "2025") - 1, DONATION_TRUTH.yearly_growth);
});

Deno.test("the top tenth of the donors gives about half of the money", () => {
  for (const year of ["2024", "2025"]) {
    const given = [...sums(usualGifts.filter(inYear(year)), "partner_id").values()].sort((a, b) => b - a);
    const top = given.slice(0, Math.ceil(given.length / 10));
    inBand(add(top) / add(given), DONATION_TRUTH.top_decile_share);
  }
});

Deno.test("about half of a year's donors give again in the next", () => {
  const before = donors("2024"), now = donors("2025");
  inBand([...before].filter((donor) => now.has(donor)).length / before.size, DONATION_TRUTH.donor_retention);
});

Deno.test("a weekend day brings about half the gifts of a weekday", () => {
  const onWeekend = usualGifts.filter(({ date }) => weekday(date) > 5).length;
  inBand(onWeekend / 2 / ((usualGifts.length - onWeekend) / 5), DONATION_TRUTH.weekend_ratio);
});

Deno.test("each refund gives back one earlier gift of the same partner, and few gifts are refunded", () => {
  const given = new Map(gifts.map((gift) => [gift.external_id.replace("donation_received:", ""), gift]));
  // Refunds of the first days may belong to gifts from before the records.
  const refunds = rows.filter(({ metric_name, date }) => metric_name === "donation_refunded" && date >= "2024-01-10");
  for (const refund of refunds) {
    const gift = given.get(refund.external_id.replace("donation_refunded:", ""));
    assert.equal(gift?.dimensions.partner_id, refund.dimensions.partner_id);
    assert.equal(gift?.metric_value, refund.metric_value);
    assert.ok(gift && gift.date < refund.date);
  }
  inBand(refunds.length / gifts.length, {
    low: DONATION_TRUTH.refund_share / 2,
    high: DONATION_TRUTH.refund_share * 2,
  });
});

Deno.test("the legacy is one gift of a person who gave before and never again", () => {
  const { partner_id, date, amount_usd } = ANOMALIES.legacy_gift;
  const theirs = gifts.filter(({ dimensions }) => dimensions.partner_id === partner_id);
  const legacy = theirs.at(-1);
  assert.equal(legacy?.date, date);
  assert.equal(legacy?.metric_value, amount_usd);
  assert.equal(legacy?.dimensions.partner_type, "individual");
  assert.ok(theirs.length > 1);
  assert.ok(usualGifts.every(({ metric_value }) => metric_value * 4 < amount_usd));
});

Deno.test("the flood appeal brings many small gifts on its three days, and the outage no online gifts", () => {
  const { from, to, campaign } = ANOMALIES.flood_appeal;
  const flood = gifts.filter(({ dimensions }) => dimensions.campaign === campaign);
  assert.deepEqual([...new Set(flood.map(({ date }) => date))], [from, "2024-08-21", to]);
  assert.ok(flood.length > 45);
  const online = gifts.filter(({ dimensions }) => dimensions.channel === ANOMALIES.payment_outage.channel);
  const outage = ANOMALIES.payment_outage;
  assert.ok(!online.some(({ date }) => outage.from <= date && date <= outage.to));
  assert.ok(online.filter(({ date }) => "2026-02-14" <= date && date <= "2026-02-18").length >= 4);
});

Deno.test("a lapsed partner has given nothing for twelve months", () => {
  const given = new Set(gifts.map(({ date, dimensions }) => `${dimensions.partner_id} ${dayNumber(date)}`));
  const lapses = rows.filter(({ metric_name, date }) => metric_name === "partner_lapsed" && date > "2025-01-01");
  assert.ok(lapses.length > 50);
  for (const { date, dimensions } of lapses) {
    const day = dayNumber(date);
    assert.ok(given.has(`${dimensions.partner_id} ${day - 366}`));
    for (let ago = 1; ago <= 365; ago++) assert.ok(!given.has(`${dimensions.partner_id} ${day - ago}`));
  }
});

Deno.test("the weekly count of active partners is the number who gave or met the charity in the twelve months before", () => {
  const seen = rows.filter(({ metric_name, date }) =>
    (metric_name === "donation_received" || metric_name === "partner_interaction") && date >= "2025-11-16"
  );
  const monday = "2026-11-16";
  const active = new Set(seen.filter(({ date }) => date <= monday).map(({ dimensions }) => dimensions.partner_id)).size;
  const levels = rows.filter(({ metric_name, date }) => metric_name === "partner_active" && date === monday);
  assert.equal(add(levels.map(({ metric_value }) => metric_value)), active);
});

Deno.test("the portfolio has what the story says: over budget, behind, overdue, on time and planned", () => {
  const { as_of, over_budget, behind, overdue, completed, completed_on_time, planned } = PROJECT_TRUTH;
  assert.equal(as_of, LAST);
  assert.ok(level("earned_value", over_budget.project_id) / spent(over_budget.project_id) < over_budget.cpi_below);
  assert.ok(level("earned_value", behind.project_id) / level("planned_value", behind.project_id) < behind.spi_below);
  const started = rows.filter(({ metric_name }) => metric_name === "project_started");
  const done = rows.filter(({ metric_name }) => metric_name === "project_completed");
  const ended = new Set(done.map(project));
  const late = started.filter((row) => !ended.has(project(row)) && String(row.dimensions.planned_end) < as_of);
  assert.deepEqual(late.map(project), overdue);
  assert.deepEqual([...ended].sort(), completed);
  const onTime = done.filter(({ date, dimensions }) => date <= String(dimensions.planned_end));
  assert.deepEqual(onTime.map(project).sort(), completed_on_time);
  assert.deepEqual(planned.map((id) => statuses(id).at(-1)), ["planned"]);
  assert.deepEqual([...new Set(statuses("prj-12"))], ["planned", "active", "on_hold"]);
});

Deno.test("planned and earned value never fall, never pass the budget, and meet it at completion", () => {
  for (const name of ["planned_value", "earned_value"]) {
    const highest = new Map<string, number>();
    for (const row of rows.filter(({ metric_name }) => metric_name === name)) {
      assert.ok(row.metric_value >= (highest.get(project(row)) ?? 0));
      assert.ok(row.metric_value <= level("budget_planned", project(row)));
      highest.set(project(row), row.metric_value);
    }
  }
  for (const id of PROJECT_TRUTH.completed) assert.equal(level("earned_value", id), level("budget_planned", id));
});

Deno.test("a post reaches fewer people than it is shown times, and no more react than it reaches", () => {
  const reach = sums(rows.filter(({ metric_name }) => metric_name === "post_reach"), "post_id");
  const impressions = sums(rows.filter(({ metric_name }) => metric_name === "post_impressions"), "post_id");
  const engagements = sums(rows.filter(isEngagement), "post_id");
  assert.equal(impressions.size, reach.size);
  for (const [post, people] of reach) {
    assert.ok(people < (impressions.get(post) ?? 0), post);
    assert.ok((engagements.get(post) ?? 0) <= people, post);
  }
});

Deno.test("engagements peak clearly in the story's weekday and hour", () => {
  const heat = new Map<string, number>();
  for (const { date, timestamp, metric_value } of rows.filter(isEngagement)) {
    const cell = `${weekday(date)} ${Number(timestamp.slice(11, 13))}`;
    heat.set(cell, (heat.get(cell) ?? 0) + metric_value);
  }
  const [first, second] = [...heat].sort((a, b) => b[1] - a[1]);
  assert.equal(first?.[0], `${SOCIAL_TRUTH.peak.weekday} ${SOCIAL_TRUTH.peak.hour}`);
  assert.ok((first?.[1] ?? 0) > 1.2 * (second?.[1] ?? 0));
});

Deno.test("one platform declines, the others grow, and the viral day brings followers for good", () => {
  const growth = (platform: string) => followers(platform, LAST) / followers(platform, STORY.start) - 1;
  assert.ok(growth(SOCIAL_TRUTH.declining) < -0.2);
  for (const platform of ["facebook", "linkedin", "instagram"]) assert.ok(growth(platform) > 0.1, platform);
  assert.ok(["facebook", "linkedin", "x"].every((other) => growth(other) < growth(SOCIAL_TRUTH.fastest_growing)));
  const { platform, date, new_followers } = ANOMALIES.viral_day;
  const before = dayOf(dayNumber(date) - 1).date, after = dayOf(dayNumber(date) + 30).date;
  inBand(followers(platform, date) - followers(platform, before), {
    low: new_followers * 0.9,
    high: new_followers * 1.1,
  });
  assert.ok(followers(platform, after) >= followers(platform, date) * 0.98);
});

Deno.test("of every mailing, sent is the sum of its fates, and delivered, opened and clicked only become fewer", () => {
  const mailings = new Map<string, Map<string, number>>();
  for (
    const { metric_name, metric_value, external_id } of rows.filter(({ service_name }) =>
      service_name === "notification"
    )
  ) {
    if (metric_name === "delivery_latency_ms") continue;
    const id = external_id.slice(metric_name.length + 1);
    const counts = mailings.get(id) ?? new Map<string, number>();
    mailings.set(id, counts.set(metric_name.replace("notification_", ""), metric_value));
  }
  for (const [id, counts] of mailings) {
    const of = (name: string) => counts.get(name) ?? 0;
    assert.equal(of("sent"), of("delivered") + of("bounced_hard") + of("bounced_soft") + of("failed"), id);
    assert.ok(of("delivered") >= of("opened") && of("opened") >= of("clicked"), id);
    assert.ok(of("unsubscribed") + of("complained") <= of("delivered"), id);
  }
});

Deno.test("e-mail is hardly delivered on the two days of the outage, and well on the days around it", () => {
  const { from, to, channel } = ANOMALIES.delivery_outage;
  for (const date of [from, to]) assert.ok(deliveryRate(channel, date) < 0.1, date);
  for (const date of ["2025-10-13", "2025-10-16"]) assert.ok(deliveryRate(channel, date) > 0.9, date);
  assert.ok(deliveryRate("sms", from) > 0.9);
});

Deno.test("seeded draws repeat by key, differ between keys, and keep to their ranges and means", () => {
  const draw = (...key: string[]) => Array.from({ length: 5 }, seededRandom(...key).unit);
  assert.deepEqual(draw("a", "b"), draw("a", "b"));
  assert.notDeepEqual(draw("a", "b"), draw("a", "c"));
  const random = seededRandom("ranges");
  const mean = (next: () => number) => add(Array.from({ length: 20_000 }, next)) / 20_000;
  inBand(mean(random.unit), { low: 0.49, high: 0.51 });
  inBand(mean(() => random.normal(5, 2)), { low: 4.95, high: 5.05 });
  inBand(mean(() => random.poisson(3)), { low: 2.95, high: 3.05 });
  inBand(mean(() => random.poisson(80)), { low: 79.5, high: 80.5 });
  inBand(mean(() => random.binomial(40, 0.3)), { low: 11.8, high: 12.2 });
  for (const [n, p] of [[0, 0.5], [1, 0.99], [7, 1], [5, 0]] as const) {
    const drawn = Array.from({ length: 200 }, () => random.binomial(n, p));
    assert.ok(drawn.every((count) => count >= 0 && count <= n && Number.isInteger(count)));
  }
});

Deno.test("calendar days come apart and together again through leap years", () => {
  for (const date of ["1970-01-01", "2000-02-29", "2024-02-29", "2024-12-31", "2100-03-01"]) {
    assert.equal(dayOf(dayNumber(date)).date, date);
    assert.equal(dayNumber(date), Date.parse(date) / 86_400_000);
  }
  assert.equal(dayOf(dayNumber("2024-01-01")).weekday, 1);
});

function named(names: readonly string[], service: string, type: string, dimensions: readonly string[]) {
  return Object.fromEntries(names.map((name) => [name, [service, type, "count", dimensions] as const]));
}

function inBand(value: number, { low, high }: { readonly low: number; readonly high: number }): void {
  assert.ok(low <= value && value <= high, `${value} is not within ${low} … ${high}`);
}

function add(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function inYear(year: string): (row: DemoMetric) => boolean {
  return ({ date }) => date.startsWith(year);
}

function total(of: readonly DemoMetric[], period: string): number {
  return add(of.filter(inYear(period)).map(({ metric_value }) => metric_value));
}

function sums(of: readonly DemoMetric[], dimension: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const { dimensions, metric_value } of of) {
    const key = String(dimensions[dimension]);
    found.set(key, (found.get(key) ?? 0) + metric_value);
  }
  return found;
}

function donors(year: string): Set<string> {
  return new Set(gifts.filter(inYear(year)).map(({ dimensions }) => String(dimensions.partner_id)));
}

function weekday(date: string): number {
  return dayOf(dayNumber(date)).weekday;
}

function project({ dimensions }: DemoMetric): string {
  return String(dimensions.project_id);
}

function level(name: string, project_id: string): number {
  return rows.findLast((row) => row.metric_name === name && project(row) === project_id)?.metric_value ?? 0;
}

function spent(project_id: string): number {
  return sums(rows.filter(({ metric_name }) => metric_name === "cost_actual"), "project_id").get(project_id) ?? 0;
}

function statuses(project_id: string): string[] {
  return rows.filter((row) => row.metric_name === "project_status" && project(row) === project_id)
    .map(({ dimensions }) => String(dimensions.status));
}

function isEngagement({ metric_name }: DemoMetric): boolean {
  return /^post_(likes|comments|shares|clicks|saves)$/.test(metric_name);
}

function followers(platform: string, date: string): number {
  return rows.find((row) =>
    row.metric_name === "followers" && row.date === date && row.dimensions.platform === platform
  )
    ?.metric_value ?? 0;
}

function deliveryRate(channel: string, date: string): number {
  const of = (name: string) =>
    add(
      rows.filter((row) => row.metric_name === name && row.date === date && row.dimensions.channel === channel)
        .map(({ metric_value }) => metric_value),
    );
  return of("notification_delivered") / of("notification_sent");
}
