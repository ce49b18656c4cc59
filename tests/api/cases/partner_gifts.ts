import { deepStrictEqual as equal } from "node:assert/strict";
import { anonymous, type App } from "../../support/app.ts";
import { gift, reader, send } from "../../support/gifts.ts";
import { gave, gaveEuro, pair, PARTNERS, parts, refunded } from "../../support/partners.ts";

/**
 * Two months of gifts (USD), the two before and the same of the year before:
 * October a 100, 50 (monthly debits, campaign x), b 30 (y); November b 20 (y), c 600 (no campaign), somebody 10 (x),
 * d 999 EUR; 50 paid back to a. August a 200. November 2024 a 400.
 */
const GIFTS = [
  ...[gave("a", "2025-10-01", 100, { campaign: "x", recurring: true })],
  ...[gave("a", "2025-10-31", 50, { campaign: "x", recurring: true })],
  ...[gave("b", "2025-10-15", 30, { campaign: "y", recurring: false })],
  ...[
    gave("b", "2025-11-02", 20, { campaign: "y", recurring: false }),
    gave("c", "2025-11-03", 600, { recurring: false }),
  ],
  gift({ metric_value: 10, timestamp: "2025-11-04T12:00:00Z", dimensions: { campaign: "x" } }),
  ...[gaveEuro("d", "2025-11-10", 999), refunded("a", "2025-11-05", 50)],
  ...[gave("a", "2025-08-20", 200), gave("a", "2024-11-15", 400)],
];
const AUTUMN = "start_date=2025-10-01&end_date=2025-11-30&currency=USD";

const donationCases: Record<string, (t: App) => Promise<void>> = {
  async "partner donations are of one currency, beside the period before and last year's"(t) {
    await send(t, GIFTS);
    const answer = await t.json("GET", `${PARTNERS}/donations?${AUTUMN}`, 200);
    // 100 + 50 + 30 + 20 + 600 + 10 = 810; (810 − 200) / 200 and (810 − 400) / 400
    equal(answer.gross, {
      ...{ value: 810, unit: "USD", previous: 200, change: 3.05 },
      ...{ last_year: 400, change_on_last_year: 1.025 },
    });
    // No refund was recorded before November.
    equal(answer.refunds, { value: 50, unit: "USD", previous: null, change: null });
    equal(answer.net, {
      ...{ value: 760, unit: "USD", previous: 200, change: 2.8 },
      ...{ last_year: 400, change_on_last_year: 0.9 },
    });
    equal([pair(answer.gifts), pair(answer.donors)], [[6, 1], [3, 1]]); // a, b, c, and one without a name
    equal([pair(answer.average), pair(answer.median)], [[135, 200], [40, 200]]); // between 30 and 50
    equal(pair(answer.largest), [600, 200]);
    // 150 of 810 and 2 of 6; August's gift does not say.
    equal([parts(answer.recurring.money), parts(answer.recurring.gifts)], [[150, 810], [2, 6]]);
    equal(answer.recurring.money.previous, null);
    // c gave 600 of the 800 that name somebody; of three donors the top tenth is one.
    equal([parts(answer.concentration.share), answer.concentration.top_donors], [[600, 800], 1]);
    equal(pair(answer.concentration.share), [0.75, 1]);
    equal([answer.interval, answer.reason, answer.meta.source, answer.meta.warnings], ["day", null, "rollups", []]);
  },
  async "partner donations by month, with the days of refunds and what is not known yet"(t) {
    await send(t, GIFTS);
    const { points } = await t.json("GET", `${PARTNERS}/donations?${AUTUMN}&interval=month`, 200);
    equal(points, [
      {
        ...{ period: "2025-10-01", complete: true },
        ...{ gross: 180, refunds: null, net: 180, gifts: 3, donors: 2, average: 60, median: 50, largest: 100 },
      },
      {
        ...{ period: "2025-11-01", complete: true },
        ...{ gross: 630, refunds: 50, net: 580, gifts: 3, donors: 2, average: 210, median: 20, largest: 600 },
      },
    ]);
    // A running month is not complete, days to come are left out, and a day without gifts is 0.
    const running = await t.json("GET", `${PARTNERS}/donations?start_date=2025-12-01&end_date=2025-12-31`, 200);
    equal([running.points.length, running.points.at(-1).complete, running.points[0].complete], [24, false, true]);
    const { gross, gifts, donors, average, median } = running.points[0];
    equal([gross, gifts, donors, average, median], [0, 0, 0, null, null]);
    equal(running.meta.compared_with.previous_period, { start_date: "2025-11-01", end_date: "2025-11-24" });
    // Before the first gift of all nothing is known.
    const early = await t.json("GET", `${PARTNERS}/donations?start_date=2024-01-01&end_date=2024-03-31`, 200);
    equal([early.points[0].gross, early.points[0].donors, early.gross.value], [null, null, null]);
    equal(early.reason, "Nothing was recorded before 2024-11-15");
  },
  async "the top campaigns of partner donations, and the others as one"(t) {
    await send(t, GIFTS);
    const { campaigns } = await t.json("GET", `${PARTNERS}/donations?${AUTUMN}&top=1`, 200);
    equal(campaigns, {
      items: [{
        ...{ value: null, name: "unknown", suppressed: false, gross: 600, gifts: 1, donors: 1, average: 600 },
        share: { value: 600 / 810, numerator: 600, denominator: 810 },
      }],
      // x 160 in three gifts, y 50 in two, from a and b.
      other: {
        ...{ cells: 2, gross: 210, gifts: 5, donors: 2, average: 42 },
        share: { value: 210 / 810, numerator: 210, denominator: 810 },
      },
      suppressed_cells: 0,
    });
  },
  async "readers without a token see no single gift and no campaign of so few partners"(t) {
    await send(t, GIFTS);
    const answer = await t.json("GET", `${PARTNERS}/donations?${AUTUMN}&interval=month`, 200, { as: anonymous });
    // a, b and c now, a alone before and a year before: how many is told, no money is.
    equal([pair(answer.donors), pair(answer.gifts)], [[3, 1], [6, 1]]);
    for (const field of ["gross", "refunds", "net", "average", "median", "largest"]) {
      equal(pair(answer[field]), [null, null]);
      equal(answer.points.map((one: Record<string, unknown>) => one[field]), [null, null]);
    }
    equal([answer.gross.last_year, answer.net.last_year, answer.points[0].donors], [null, null, 2]);
    equal(answer.meta.warnings, ["Money of fewer than 5 donors is not shown to readers without a token"]);
    equal([answer.recurring.money.numerator, answer.concentration.share.numerator], [null, null]);
    equal(answer.concentration.top_donors, null);
    // Three people and one without a name in three cells: all are hidden.
    equal(answer.campaigns.items.map((one: { name: string; gross: number | null }) => [one.name, one.gross]), [
      ...[["unknown", null], ["x", null], ["y", null]],
    ]);
    const shown = await t.json("GET", `${PARTNERS}/donations?${AUTUMN}`, 200, { as: reader });
    equal(shown.largest.value, 600);
  },
  async "readers without a token see the money of five partner donors, but not of days of four, nor what gives them away"(
    t,
  ) {
    const on = (day: string, partners: number, each: number) =>
      Array.from({ length: partners }, (_, i) => gave(`p${i}`, day, each));
    await send(t, [...on("2025-12-01", 7, 10), ...on("2025-12-02", 5, 10), ...on("2025-12-03", 4, 100)]);
    await send(t, [...on("2025-11-30", 4, 3), ...on("2024-12-02", 5, 2)]);
    const query = "start_date=2025-12-01&end_date=2025-12-04";
    const answer = await t.json("GET", `${PARTNERS}/donations?${query}`, 200, { as: anonymous });
    // 70 + 50 + 400 of seven; 12 of four the four days before, 10 of five a year before.
    equal([pair(answer.gross), answer.gross.last_year], [[520, null], 10]);
    equal([answer.gross.change, answer.gross.change_on_last_year, pair(answer.donors)], [null, 51, [7, 4]]);
    // The 400 of four would be 520 − 70 − 50, so the day of five hides with them; a day without gifts is 0.
    type Point = { gross: number | null; average: number | null; gifts: number };
    equal(answer.points.map((one: Point) => [one.gross, one.average, one.gifts]), [
      ...[[70, 10, 7], [null, null, 5], [null, null, 4], [0, null, 0]],
    ]);
    equal(answer.meta.warnings, ["Money of fewer than 5 donors is not shown to readers without a token"]);
    const shown = await t.json("GET", `${PARTNERS}/donations?${query}`, 200, { as: reader });
    equal([pair(shown.gross), shown.points[2].gross, shown.meta.warnings], [[520, 12], 400, []]);
    const there = await t.json("GET", `${PARTNERS}/donations?${query}&timezone=Asia/Kolkata`, 200, { as: anonymous });
    equal([pair(there.gross), there.gross.last_year, there.points[2].gross], [[520, null], 10, null]);
  },
  async "readers without a token see the money of partner donations without names from five gifts on"(t) {
    const unnamed = (day: string, gifts: number) =>
      Array.from({ length: gifts }, () => gift({ metric_value: 10, timestamp: `${day}T12:00:00Z`, dimensions: {} }));
    await send(t, [...unnamed("2025-12-01", 5), ...unnamed("2025-12-02", 4)]);
    const of = async (day: string) => {
      const query = `start_date=${day}&end_date=${day}`;
      const { gross, donors } = await t.json("GET", `${PARTNERS}/donations?${query}`, 200, { as: anonymous });
      return [gross.value, donors.value];
    };
    equal([await of("2025-12-01"), await of("2025-12-02")], [[50, 0], [null, 0]]);
  },
  async "readers without a token see the largest gift of many partners, and what the top five gave"(t) {
    const donors = Array.from({ length: 41 }, (_, i) => gave(`p${i}`, "2025-12-01", i + 1, { recurring: i < 20 }));
    await send(t, donors);
    const answer = await t.json("GET", `${PARTNERS}/donations`, 200, { as: anonymous });
    equal([answer.largest.value, answer.median.value], [41, 21]);
    // A tenth of 41 is 5: 41 + 40 + 39 + 38 + 37 = 195 of 41 × 42 / 2 = 861; the first 20 give 20 × 21 / 2 = 210.
    equal([answer.concentration.top_donors, parts(answer.concentration.share)], [5, [195, 861]]);
    equal(parts(answer.recurring.money), [210, 861]);
  },
  async "partner donations of a zone with half hours are of its own days"(t) {
    await send(t, [
      gift({ metric_value: 70, timestamp: "2025-12-01T19:00:00Z", dimensions: { partner_id: "a" } }), // 00:30 of the 2nd
      gift({ metric_value: 9, timestamp: "2025-12-02T19:00:00Z", dimensions: { partner_id: "b" } }), // 00:30 of the 3rd
    ]);
    const query = "start_date=2025-12-02&end_date=2025-12-02";
    const there = await t.json("GET", `${PARTNERS}/donations?${query}&timezone=Asia/Kolkata`, 200);
    equal([there.gross.value, there.donors.value, there.largest.value, there.points.length], [70, 1, 70, 1]);
    equal([parts(there.concentration.share), there.points[0].period], [[70, 70], "2025-12-02"]);
    const here = await t.json("GET", `${PARTNERS}/donations?${query}`, 200);
    equal([here.gross.value, here.donors.value], [9, 1]);
    const cells = await t.json("GET", `${PARTNERS}/breakdown?${query}&timezone=Asia/Kolkata&by=channel`, 200);
    equal([cells.total.gross, cells.total.donors], [70, 1]);
  },
  async "partner donations without data say why"(t) {
    const answer = await t.json("GET", `${PARTNERS}/donations`, 200);
    equal(answer.reason, "None of donation_received, donation_refunded has been recorded");
    equal([answer.gross.value, answer.gifts.value, answer.net.last_year], [null, null, null]);
    equal([answer.campaigns.items, answer.points.length, answer.points[0].gross], [[], 30, null]);
    equal([answer.concentration.share.value, answer.recurring.gifts.value], [null, null]);
  },
};

/** So many partners of a country, each with one gift. */
const fromCountry = (country: string, partners: number, each: number) =>
  Array.from({ length: partners }, (_, i) => gave(`${country}-${i}`, "2025-12-01", each, { country }));
const WORLD = [
  ...[...fromCountry("US", 6, 10), ...fromCountry("DE", 5, 100), ...fromCountry("KE", 2, 1_000)],
  gave("nowhere", "2025-12-01", 7),
];
type GiftCell = { name: string; gross: number | null; donors: number | null; suppressed: boolean };
const brief = (items: GiftCell[]) =>
  items.map(({ name, gross, donors, suppressed }) => [name, gross, donors, suppressed]);

const breakdownCases: Record<string, (t: App) => Promise<void>> = {
  async "a partner breakdown has the largest gross first, what lacks the dimension, and the others as one"(t) {
    await send(t, WORLD);
    const answer = await t.json("GET", `${PARTNERS}/breakdown?by=country&limit=3`, 200);
    equal(brief(answer.items), [["KE", 2_000, 2, false], ["DE", 500, 5, false], ["US", 60, 6, false]]);
    equal([answer.other.cells, answer.other.gross, answer.other.share.value], [1, 7, 7 / 2_567]);
    equal(answer.items[1].share, { value: 500 / 2_567, numerator: 500, denominator: 2_567 });
    equal(answer.total, { gross: 2_567, gifts: 14, donors: 14, average: 2_567 / 14 });
    equal([answer.unit, answer.by, answer.suppressed_cells, answer.reason], ["USD", "country", 0, null]);
    const all = await t.json("GET", `${PARTNERS}/breakdown?by=country`, 200);
    equal([all.items.at(-1).value, all.items.at(-1).name, all.other], [null, "unknown", null]);
  },
  async "readers without a token see no cell of fewer than five partners, nor one that gives it away, at any limit"(t) {
    await send(t, WORLD);
    const ask = (limit: number) =>
      t.json("GET", `${PARTNERS}/breakdown?by=country&limit=${limit}`, 200, { as: anonymous });
    // KE and the one without a country are three people: DE, the next smallest, is hidden with them, each by its name.
    const answer = await ask(10);
    equal(brief(answer.items), [
      ["US", 60, 6, false],
      ...["unknown", "DE", "KE"].map((name) => [name, null, null, true]),
    ]);
    equal([answer.total.gross, answer.suppressed_cells, answer.other], [2_567, 3, null]);
    equal([answer.items[1].share, answer.items[1].gifts, answer.items[1].average], [null, null, null]);
    const short = await ask(1);
    equal([brief(short.items), short.other, short.suppressed_cells], [[["US", 60, 6, false]], null, 3]);
  },
  async "partners who are in two cells count once, so that these two do not hide each other"(t) {
    const people = ["a", "b", "c"].flatMap((partner) =>
      ["x", "y"].map((campaign) => gave(partner, "2025-12-01", 10, { campaign }))
    );
    const others = ["d", "e", "f", "g", "h"].map((partner) => gave(partner, "2025-12-01", 10, { campaign: "z" }));
    await send(t, [...people, ...others]);
    const hidden = await t.json("GET", `${PARTNERS}/breakdown?by=campaign`, 200, { as: anonymous });
    equal(brief(hidden.items).map(([name, gross]) => [name, gross]), [["x", null], ["y", null], ["z", null]]);
    // x and y are three people in all, so their sum is not to be had; with z it is of eight.
    equal(hidden.total.gross, 110);
    const alone = await t.json("GET", `${PARTNERS}/breakdown?by=channel`, 200, { as: anonymous });
    equal(brief(alone.items), [["unknown", 110, 8, false]]);
  },
  async "the total of a partner breakdown that is one small cell is hidden as well"(t) {
    await send(t, fromCountry("KE", 2, 10));
    const answer = await t.json("GET", `${PARTNERS}/breakdown?by=country`, 200, { as: anonymous });
    equal(brief(answer.items), [["KE", null, null, true]]);
    equal(answer.total, { gross: null, gifts: null, donors: null, average: null });
  },
  async "partner gifts by size are in bands that begin with their round sum"(t) {
    const sums = [49.99, 50, 99.99, 100, 250, 999.99, 1_000, 9_999.99, 10_000];
    await send(t, sums.map((sum, i) => gave(`p${i}`, "2025-12-01", sum)));
    const { items } = await t.json("GET", `${PARTNERS}/breakdown?by=size_band`, 200);
    equal(items.map((one: { name: string; gifts: number; gross: number }) => [one.name, one.gifts, one.gross]), [
      ["1,000 to 9,999", 2, 10_999.99],
      ["10,000 and more", 1, 10_000],
      ["250 to 999", 2, 1_249.99],
      ["50 to 99", 2, 149.99],
      ["100 to 249", 1, 100],
      ["under 50", 1, 49.99],
    ]);
  },
  async "partner breakdowns know each dimension, and one without gifts says why"(t) {
    const dimensions = { partner_type: "church", country: "KE", campaign: "x", channel: "mail" };
    await send(t, [gave("a", "2025-12-01", 10, dimensions)]);
    for (const [by, value] of Object.entries(dimensions)) {
      const { items } = await t.json("GET", `${PARTNERS}/breakdown?by=${by}`, 200);
      equal(brief(items), [[value, 10, 1, false]]);
    }
    const none = await t.json("GET", `${PARTNERS}/breakdown?by=country&start_date=2025-12-10&end_date=2025-12-11`, 200);
    equal([none.items, none.total.gross, none.reason], [[], 0, "There is no gift in the period"]);
    const euro = await t.json("GET", `${PARTNERS}/breakdown?by=country&currency=EUR`, 200);
    equal([euro.items, euro.unit], [[], "EUR"]);
    equal(euro.meta.warnings, ["No amount is recorded in EUR; there are USD"]);
  },
};

/** What partners gave, and by what it is broken down. */
export const partnerGiftsCases: Record<string, (t: App) => Promise<void>> = { ...donationCases, ...breakdownCases };
