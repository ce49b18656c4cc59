import { deepStrictEqual as equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { addDays } from "../../../services/days.ts";
import { anonymous, type App, appOver } from "../../support/app.ts";
import { gift, send } from "../../support/gifts.ts";
import { type Deed, recountPartners } from "../../support/partner_recount.ts";
import { gave, gaveEuro, met, pair, PARTNERS, parts, refunded, registered } from "../../support/partners.ts";
import { partnerGiftsCases } from "./partner_gifts.ts";

const YEAR = "start_date=2025-01-01&end_date=2025-12-31";

/**
 * Eight partners over three years, looked at from January 2026. Gifts by year (USD, but h's second in EUR):
 *
 * |   | 2023     | 2024            | 2025               |
 * |---|----------|-----------------|--------------------|
 * | a |          | 03-10 100       | 02-01 200 (refunded) |
 * | b |          | 06-01 50, 09-01 50 |                 |
 * | c | 05-05 80 |                 | 07-01 120          |
 * | d |          |                 | registers 04-01    |
 * | e | registers 01-15 |          | 05-20 500          |
 * | f |          |                 | a call 11-11       |
 * | g |          | 12-31 40        | (2026-01-05 40)    |
 * | h |          | 02-01 10, 10    | 01-20 30 EUR       |
 */
const STORY = [
  ...[gave("a", "2024-03-10", 100), gave("a", "2025-02-01", 200), refunded("a", "2025-02-03", 200)],
  ...[gave("b", "2024-06-01", 50), gave("b", "2024-09-01", 50)],
  ...[gave("c", "2023-05-05", 80), gave("c", "2025-07-01", 120)],
  ...[registered("d", "2025-04-01"), registered("e", "2023-01-15"), gave("e", "2025-05-20", 500)],
  met("f", "2025-11-11"),
  ...[gave("g", "2024-12-31", 40), gave("g", "2026-01-05", 40)],
  ...[gave("h", "2024-02-01", 10), gave("h", "2024-02-01", 10), gaveEuro("h", "2025-01-20", 30)],
  // Somebody whom only another service knows is no partner.
  gift({
    ...{ service_name: "projects", metric_type: "beneficiary", metric_name: "beneficiaries_reached" },
    ...{ metric_unit: "count", timestamp: "2025-06-01T12:00:00Z", dimensions: { partner_id: "i", project_id: "p" } },
  }),
];

const statisticsCases: Record<string, (t: App) => Promise<void>> = {
  async "partner statistics say who is there, came, went and returned, beside the year before"(t) {
    await t.setNow("2026-01-10T12:00:00Z");
    await send(t, STORY);
    const answer = await t.json("GET", `${PARTNERS}/statistics?${YEAR}`, 200);
    equal(pair(answer.total), [8, 6]); // a–h; at the end of 2024 without d and f
    equal(pair(answer.active), [5, 4]); // a, c, e, h gave, f was called; in 2024 a, b, g, h gave
    equal(pair(answer.new), [2, 4]); // d registered, e gave first; in 2024 a, b, g, h gave first
    equal(pair(answer.registered), [1, 0]); // d
    equal(pair(answer.first_time_donors), [1, 4]); // e
    equal(pair(answer.lapsed), [2, 1]); // b and g gave in 2024 last; of 2024: c
    equal(pair(answer.reactivated), [1, 0]); // c, after two years
    equal(pair(answer.donors), [4, 4]); // a, c, e, h; a's refunded gift is a gift
    equal([answer.total.unit, answer.total.change], ["count", 2 / 6]);
    equal([answer.reason, answer.meta.source, answer.meta.period.complete], [null, "rollups", true]);
    equal(answer.meta.compared_with.previous_period, { start_date: "2024-01-01", end_date: "2024-12-31" });
    equal(answer.meta.data_through, "2026-01-05T12:00:00Z");
  },
  async "partner retention and second gifts count people of any currency, and a lifetime value is of one"(t) {
    await t.setNow("2026-01-10T12:00:00Z");
    await send(t, STORY);
    const usd = await t.json("GET", `${PARTNERS}/statistics?${YEAR}`, 200);
    equal(parts(usd.donor_retention), [2, 4]); // of a, b, g, h: a, and h in EUR
    equal(pair(usd.donor_retention), [0.5, 0]); // of 2023's only donor c: none
    equal(parts(usd.new_donor_retention), [2, 4]); // all four of 2024 were new
    equal(parts(usd.second_gift_rate), [3, 4]); // a in 2025, b in 2024, h on the same day; g 370 days later
    equal(pair(usd.second_gift_rate), [0.75, 0]);
    // 2025 in USD: a 200, c 120, e 500 = 820 in 3 gifts of 3 donors; of 2024's a, b, g, h only a: 1/4.
    equal([parts(usd.average_gift), parts(usd.gifts_per_donor), parts(usd.annual_retention)], [
      ...[[820, 3], [3, 3], [1, 4]],
    ]);
    // 820 / 3 × 1 / (1 − 1/4). In 2024: 260 in 6 gifts of 4 donors, none of 2023's: 260/6 × 1.5 / 1 = 65.
    equal(pair(usd.lifetime_value), [820 / 3 / 0.75, 65]);
    equal(usd.lifetime_value.unit, "USD");
    equal(usd.meta.warnings.length, 1);
    ok(usd.meta.warnings[0].startsWith("Amounts are recorded in 2 currencies; these are in USD"));

    const eur = await t.json("GET", `${PARTNERS}/statistics?${YEAR}&currency=EUR`, 200);
    equal([pair(eur.donors), pair(eur.donor_retention)], [[4, 4], [0.5, 0]]);
    equal([parts(eur.average_gift), parts(eur.annual_retention)], [[30, 1], [0, 0]]);
    equal([eur.lifetime_value.value, eur.lifetime_value.unit, eur.meta.warnings], [null, "EUR", []]);
  },
  async "partner statistics of a running month end today and compare with as many days of the month before"(t) {
    await t.setNow("2025-03-10T12:00:00Z");
    await send(t, [
      ...[gave("a", "2025-02-05"), gave("b", "2025-02-15"), gave("a", "2025-03-05"), gave("b", "2025-03-05")],
      gave("c", "2024-03-10"), // a year and a day before tomorrow: lapsed
      gave("d", "2025-03-20"), // has not happened yet
    ]);
    const answer = await t.json("GET", `${PARTNERS}/statistics?start_date=2025-03-01&end_date=2025-03-31`, 200);
    equal([pair(answer.donors), pair(answer.total), answer.lapsed.value], [[2, 1], [3, 2], 1]);
    equal(parts(answer.donor_retention), [1, 1]); // until 10 February a alone had given, and came back
    equal(answer.meta.period.complete, false);
    equal(answer.meta.compared_with.previous_period, { start_date: "2025-02-01", end_date: "2025-02-10" });
    equal(answer.meta.warnings.map((one: string) => one.split(" ").slice(0, 3).join(" ")), [
      ...["Gifts are recorded", "The 12 months", "The period is"],
    ]);
  },
  async "a partner who registers in one year and first gives in the next is new in both, and gaps count by the day"(t) {
    await t.setNow("2026-06-01T00:00:00Z");
    // 12 months after 2024-02-29 end on 2025-02-28; a day later is a gap of over 12 months.
    await send(t, [
      ...[registered("a", "2023-12-30"), gave("a", "2024-02-29"), gave("a", "2025-02-28")],
      ...[gave("b", "2024-02-29"), gave("b", "2025-03-01")],
    ]);
    const of = async (query: string) => {
      const { new: fresh, reactivated, second_gift_rate } = await t.json("GET", `${PARTNERS}/statistics?${query}`, 200);
      return [fresh.value, reactivated.value, second_gift_rate.numerator];
    };
    equal(await of("start_date=2023-12-01&end_date=2023-12-31"), [1, null, null]); // no gift was recorded by then
    equal(await of("start_date=2024-01-01&end_date=2024-12-31"), [2, 0, 0]);
    equal(await of("start_date=2025-01-01&end_date=2025-12-31"), [0, 1, 1]); // b came back, a gave its second
    equal(await of("start_date=2024-01-01&end_date=2025-12-31"), [2, 1, 0]); // a gap within the period counts too
  },
  async "partner statistics without data say why, and know nothing"(t) {
    const answer = await t.json("GET", `${PARTNERS}/statistics`, 200);
    equal(answer.reason, "None of donation_received, partner_registered, partner_interaction has been recorded");
    equal(answer.total, { value: null, unit: "count", previous: null, change: null });
    equal(answer.donor_retention, {
      ...{ value: null, numerator: null, denominator: null },
      ...{ previous: null, change: null },
    });
    equal([answer.lifetime_value.value, answer.lifetime_value.unit], [null, null]);
    // 30 complete days before 24 December.
    equal(answer.meta.period, {
      ...{ start_date: "2025-11-24", end_date: "2025-12-23" },
      ...{ timezone: "UTC", complete: true },
    });
  },
  async "partner statistics in another zone keep to the organisation's days and say so; a name is in no answer"(t) {
    await send(t, [gave("secret-partner", "2025-12-01"), met("secret-partner", "2025-12-02")]);
    const { meta, total } = await t.json("GET", `${PARTNERS}/statistics?timezone=Asia/Kolkata`, 200, { as: anonymous });
    equal([total.value, meta.period.timezone], [1, "Asia/Kolkata"]);
    const warning = meta.warnings.find((one: string) => one.endsWith("go by the organisation's own days (UTC)"));
    for (const number of ["registered", "new", "donors", "retention", "average_gift"]) ok(warning.includes(number));
    for (const path of ["statistics", "donations", "engagement", "breakdown?by=campaign"]) {
      const text = await (await t.request("GET", `${PARTNERS}/${path}`, { as: anonymous })).text();
      ok(!text.includes("secret-partner"), text);
    }
  },
};

const engagementCases: Record<string, (t: App) => Promise<void>> = {
  async "partner engagement: how many, of which kind, how long ago, beside the period before"(t) {
    await t.setNow("2026-01-10T12:00:00Z");
    await send(t, [
      ...[met("a", "2025-12-31", "call"), met("a", "2025-12-01", "call"), met("b", "2025-12-01", "visit")], // 0 and 30 days
      ...[met("c", "2025-11-30", "email"), met("d", "2025-07-04", "event")], // 31 and 180 days
      ...[met("e", "2024-12-31", "call"), met("f", "2024-12-30", "call")], // 365 and 366
      ...[gave("g", "2025-06-01"), registered("h", "2025-06-01"), met("z", "2026-01-02")], // never; after the period
    ]);
    const query = "start_date=2025-12-01&end_date=2025-12-31";
    const answer = await t.json("GET", `${PARTNERS}/engagement?${query}&interval=week`, 200);
    equal([pair(answer.interactions), pair(answer.engaged)], [[3, 1], [2, 1]]);
    // Of 2025: a, b, c, d met and g gave; of the 12 months to November 2025 c, d, e, f and g.
    equal([pair(answer.active), parts(answer.engagement_rate)], [[5, 5], [2, 5]]);
    equal(pair(answer.engagement_rate), [0.4, 0.2]);
    equal(answer.kinds, [
      {
        ...{ value: "call", name: "call", suppressed: false, interactions: 2, partners: 1 },
        share: { value: 2 / 3, numerator: 2, denominator: 3 },
      },
      {
        ...{ value: "visit", name: "visit", suppressed: false, interactions: 1, partners: 1 },
        share: { value: 1 / 3, numerator: 1, denominator: 3 },
      },
    ]);
    equal(answer.recency.map((one: { name: string; partners: number }) => [one.name, one.partners]), [
      ...[["0 to 30 days", 2], ["31 to 90 days", 1], ["91 to 180 days", 1], ["181 to 365 days", 1]],
      ...[["over 365 days", 1], ["never", 2]],
    ]);
    equal(answer.recency[0].share, { value: 0.25, numerator: 2, denominator: 8 });
    // Weeks begin on Monday, 1 December 2025; the last has three days in the window.
    type Point = { period: string; interactions: number; partners: number; complete: boolean };
    equal(answer.points.map((one: Point) => [one.period, one.interactions, one.partners, one.complete]), [
      ...[["2025-12-01", 2, 2, true], ["2025-12-08", 0, 0, true], ["2025-12-15", 0, 0, true]],
      ...[["2025-12-22", 0, 0, true], ["2025-12-29", 1, 1, false]],
    ]);
    equal([answer.other_kinds, answer.reason], [null, null]);
  },
  async "readers without a token see no kind of contact and no time of fewer than five partners"(t) {
    const calls = ["a", "b", "c", "d", "e", "f"].map((partner) => met(partner, "2025-12-20", "call"));
    const mails = ["a", "b", "c", "d", "e"].map((partner) => met(partner, "2025-12-21", "email"));
    await send(t, [...calls, ...mails, met("a", "2025-12-22", "visit"), met("g", "2025-10-20", "call")]);
    const answer = await t.json("GET", `${PARTNERS}/engagement`, 200, { as: anonymous });
    const kinds = answer.kinds.map((one: { name: string; interactions: number; partners: number }) => [
      ...[one.name, one.interactions, one.partners],
    ]);
    // The visit is a's alone; with it hides the smaller of the others, or 12 − 6 − 5 would tell it.
    equal(kinds, [["call", 6, 6], ["email", null, null], ["visit", null, null]]);
    equal(answer.recency.map((one: { suppressed: boolean }) => one.suppressed), [
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
    equal([answer.interactions.value, answer.engaged.value], [12, 6]);
  },
  async "readers without a token see no interactions of fewer than five partners, nor what gives them away"(t) {
    const on = (day: string, partners: number) => Array.from({ length: partners }, (_, i) => met(`p${i}`, day));
    await send(t, [...on("2025-12-01", 7), ...on("2025-12-02", 5), ...on("2025-12-03", 4), ...on("2025-11-30", 4)]);
    const query = "start_date=2025-12-01&end_date=2025-12-04";
    const answer = await t.json("GET", `${PARTNERS}/engagement?${query}`, 200, { as: anonymous });
    equal([pair(answer.interactions), pair(answer.engaged)], [[16, null], [7, 4]]); // 7 + 5 + 4
    type Point = { interactions: number | null; partners: number };
    equal(answer.points.map((one: Point) => [one.interactions, one.partners]), [[7, 7], [null, 5], [null, 4], [0, 0]]);
    equal(answer.meta.warnings, ["Interactions of fewer than 5 partners are not shown to readers without a token"]);
    const few = await t.json("GET", `${PARTNERS}/engagement?start_date=2025-12-03&end_date=2025-12-04`, 200, {
      as: anonymous,
    });
    equal([pair(few.interactions), pair(few.engaged)], [[null, 12], [4, 7]]); // the two days before: 7 + 5
    const all = await t.json("GET", `${PARTNERS}/engagement?${query}`, 200);
    equal([pair(all.interactions), all.meta.warnings], [[16, 4], []]);
  },
  async "partner engagement without data says why"(t) {
    await send(t, [gave("a", "2025-12-01")]);
    const answer = await t.json("GET", `${PARTNERS}/engagement`, 200);
    equal(answer.reason, "None of partner_interaction has been recorded");
    equal([answer.interactions.value, answer.engaged.value, answer.active.value], [null, null, 1]);
    equal([answer.kinds, answer.engagement_rate.value, answer.points[0].interactions], [[], null, null]);
  },
};

const DEEDS = { gift: gave, interaction: met, registration: registered };
const TODAY = "2026-02-10";
/** Days on which years and twelve months begin and end, the leap day among them; and any others. */
const edges = ["2022", "2023", "2024", "2025"].flatMap((year) =>
  ["01-01", "02-28", "12-31"].map((day) => `${year}-${day}`)
);
const day = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("2024-02-29", TODAY, "2026-02-11", ...edges) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 1_500 }).map((days) => addDays("2022-01-01", days)) },
);
const deed: fc.Arbitrary<Deed> = fc.record({
  ...{ partner: fc.constantFrom(..."abcdefghij"), day },
  kind: fc.constantFrom("gift", "gift", "gift", "interaction", "registration"),
});
/** A window from the years with a history before them; some are running. */
const asked = fc.tuple(day, fc.oneof(day, fc.constant("2026-02-28"))).map((days) => days.sort()).filter(([from]) =>
  from >= "2023-12-31" && from <= TODAY
);
const histories = fc.array(deed, { minLength: 20, maxLength: 40 });
const UNDO = new Error("undone");

const recountCases: Record<string, (t: App) => Promise<void>> = {
  async "partner statistics equal a recount of the rows, one partner after the other"(t) {
    await t.setNow(`${TODAY}T12:00:00Z`);
    const property = fc.asyncProperty(histories, asked, async (deeds, [from, to]) => {
      const all = [{ partner: "z", kind: "gift", day: "2022-01-01" } satisfies Deed, ...deeds];
      const query = `start_date=${from}&end_date=${to}`;
      const work = async (own: App) => {
        await send(own, all.map(({ partner, kind, day }) => DEEDS[kind](partner, day)));
        const answer = await own.json("GET", `${PARTNERS}/statistics?${query}`, 200);
        const { compared_with } = answer.meta;
        const running = from <= TODAY && TODAY < to;
        const end_date = running ? TODAY : to;
        const recount = recountPartners(all, { start_date: from, end_date }, compared_with.previous_period);
        const { total, active, lapsed, reactivated } = answer;
        equal({
          ...{ total: total.value, active: active.value, new: answer.new.value },
          ...{ lapsed: lapsed.value, reactivated: reactivated.value },
          donor_retention: parts(answer.donor_retention),
          new_donor_retention: parts(answer.new_donor_retention),
          second_gift_rate: parts(answer.second_gift_rate),
        }, recount);
      };
      await t.db.transaction(async (tx) => {
        await work(appOver(tx, t.ctx.engine));
        throw UNDO;
      }).catch((error) => {
        if (error !== UNDO) throw error;
      });
    });
    await fc.assert(property, { seed: 20_251_224, numRuns: 40, interruptAfterTimeLimit: 60_000 });
  },
};

const refusalCases: Record<string, (t: App) => Promise<void>> = {
  async "partner analytics refuse bad windows and names they do not know"(t) {
    const errors = async (path: string) => {
      const { errors } = await t.json("GET", `${PARTNERS}/${path}`, 422);
      return errors.map((one: { pointer: string }) => one.pointer);
    };
    for (const path of ["statistics?", "donations?", "engagement?", "breakdown?by=country&"]) {
      equal(await errors(`${path}start_date=2025-12-02&end_date=2025-12-01`), ["/query/end_date"]);
      equal(await errors(`${path}start_date=2010-01-01&end_date=2025-12-01`), ["/query/start_date"]);
      equal(await errors(`${path}end_date=tomorrow`), ["/query/end_date"]);
      equal(await errors(`${path}timezone=Mars/Base`), ["/query/timezone"]);
      ok((await errors(`${path}perid=month`)).length > 0);
    }
    equal(await errors("breakdown"), ["/query/by"]);
    equal(await errors("breakdown?by=partner_id"), ["/query/by"]);
    equal(await errors("breakdown?by=country&limit=51"), ["/query/limit"]);
    equal(await errors("donations?top=0"), ["/query/top"]);
    equal(await errors("donations?interval=hour"), ["/query/interval"]);
    equal(await errors("engagement?interval=fortnight"), ["/query/interval"]);
    ok((await errors("engagement?currency=USD")).length > 0);
  },
  async "partner analytics leave out what needs too many rows, and a breakdown refuses"(t) {
    await send(t, [gave("a", "2025-12-01", 10, { campaign: "x", recurring: true }), met("a", "2025-12-02")]);
    // As if more had been recorded than one answer may read.
    await t.db.exec("update ops.metric_rollups set n = 1000000 where grain = 'd'");
    const { gross, donors, median, recurring, campaigns, meta } = await t.json("GET", `${PARTNERS}/donations`, 200);
    equal([gross.value, donors.value, median.value, recurring.money.value, campaigns.items], [10, 1, null, null, []]);
    equal(meta.warnings.length, 1);
    const engagement = await t.json("GET", `${PARTNERS}/engagement`, 200);
    equal([engagement.interactions.value, engagement.engaged.value, engagement.kinds], [1, 1, []]);
    equal(engagement.meta.warnings.length, 1);
    // By another zone's days donors are counted from the rows: where these are too many, nobody knows how few there were.
    await t.db.exec("update ops.metric_rollups set n = 1000000 where grain = 'h'");
    const berlin = `${PARTNERS}/donations?timezone=Europe/Berlin`;
    const there = await t.json("GET", berlin, 200);
    const outside = await t.json("GET", berlin, 200, { as: anonymous });
    equal([there.gross.value, there.donors.value, outside.gross.value], [10, null, null]);
    await t.json("GET", `${PARTNERS}/breakdown?by=country`, 422);
  },
  async "partner analytics of a period that has not begun know nothing yet"(t) {
    await send(t, [gave("a", "2025-12-01"), met("a", "2025-12-02")]);
    const query = "start_date=2026-01-01&end_date=2026-01-31";
    const { total, reason } = await t.json("GET", `${PARTNERS}/statistics?${query}`, 200);
    equal([total.value, total.previous, reason], [null, 1, "The period has not begun"]);
    const { gross, points } = await t.json("GET", `${PARTNERS}/donations?${query}`, 200);
    equal([gross.value, gross.previous, points], [null, 100, []]);
    const { engaged } = await t.json("GET", `${PARTNERS}/engagement?${query}`, 200);
    equal(engaged.value, null);
  },
  async "partner analytics are private to who asks, and only read"(t) {
    for (const path of ["statistics", "donations", "engagement", "breakdown?by=country"]) {
      const response = await t.request("GET", `${PARTNERS}/${path}`);
      equal([response.status, response.headers.get("cache-control")], [200, "private, no-cache"]);
      await response.body?.cancel();
      await t.json("POST", `${PARTNERS}/${path}`, 405, { body: {} });
    }
  },
};

export const partnerAnalyticsCases: Record<string, (t: App) => Promise<void>> = {
  ...statisticsCases,
  ...engagementCases,
  ...partnerGiftsCases,
  ...recountCases,
  ...refusalCases,
};
