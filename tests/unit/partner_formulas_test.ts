import { deepStrictEqual as equal } from "node:assert/strict";
import type { Standing } from "../../db/partner_standing.ts";
import { quotient } from "../../services/analytics/figures.ts";
import type { Amount } from "../../services/analytics/totals.ts";
import { moneyOf } from "../../services/partner_analytics/giving.ts";
import {
  annualRetention,
  averageGift,
  donorRetention,
  giftsPerDonor,
  lifetimeValue,
  newDonorRetention,
  secondGiftRate,
} from "../../services/partner_analytics/loyalty.ts";
import { BAND_BOUNDS, GIFT_BANDS, RECENCY, RECENCY_BOUNDS } from "../../services/partner_analytics/ranges.ts";
import { recencyOf } from "../../services/partner_analytics/recency.ts";
import { concentration, recurringShares } from "../../services/partner_analytics/shares.ts";

const standing = (change: Partial<Standing> = {}): Standing => ({
  ...{ total: 0, active: 0, registered: 0, first_time_donors: 0, newcomers: 0, lapsed: 0, reactivated: 0 },
  ...{ donors: 50, donors_before: 40, donors_retained: 24 },
  ...{ first_time_before: 10, first_time_retained: 3, second_gifts: 4 },
  ...{ year_donors: 50, year_gifts: 120, year_gross: 6_000, last_year_donors: 40, year_retained: 24 },
  ...change,
});

Deno.test("partner retention and second gifts are shares of the previous period's donors", () => {
  const values = [donorRetention, newDonorRetention, secondGiftRate].map((of) => quotient(of(standing())));
  equal(values, [24 / 40, 3 / 10, 4 / 10]);
  equal(quotient(donorRetention(standing({ donors_before: 0, donors_retained: 0 }))), null);
});

Deno.test("a partner's lifetime value is average gift × gifts a year / (1 − annual retention)", () => {
  const values = [averageGift, giftsPerDonor, annualRetention].map((of) => quotient(of(standing())));
  equal(values, [50, 2.4, 0.6]);
  equal(lifetimeValue(standing()), 50 * 2.4 / (1 - 0.6)); // 300, give or take the last bit
  equal(Math.round(lifetimeValue(standing()) ?? 0), 300);
});

Deno.test("a partner's lifetime value is null where retention is null or 1, or nobody gave", () => {
  equal(lifetimeValue(standing({ last_year_donors: 0, year_retained: 0 })), null);
  equal(lifetimeValue(standing({ year_retained: 40 })), null);
  equal(lifetimeValue(standing({ year_donors: 0, year_gifts: 0, year_gross: 0 })), null);
});

const amount = (metric_name: string, n: number, sum: number, max: number): Amount => {
  const none = { avg: null, min: null, stddev: null, last: null, median: null, p95: null, level: null };
  const values = { ...none, g: 0, b: 0, dimensions: [], distinct: [], n, sum, running: sum, max };
  return { metric_name, b: 0, dimensions: [], value: sum, values };
};

Deno.test("partner money is net of refunds to the decimal, and not known before it was recorded", () => {
  const received = amount("donation_received", 3, 100.1, 60);
  const both = { gifts: true, refunds: true };
  const money = { gross: 100.1, refunds: 0.2, net: 99.9, gifts: 3, average: 100.1 / 3, largest: 60 };
  equal(moneyOf([received, amount("donation_refunded", 1, 0.2, 0.2)], both), money); // in floats 99.89999999999999
  equal(moneyOf([received], { ...both, refunds: false }), { ...money, refunds: null, net: 100.1 });
  equal(moneyOf([], both), { gross: 0, refunds: 0, net: 0, gifts: 0, average: null, largest: null });
  equal(moneyOf([], { gifts: false, refunds: false }), {
    ...{ gross: null, refunds: null, net: null, gifts: null, average: null, largest: null },
  });
  equal(
    moneyOf([amount("donation_received", 1, 3e-8, 3e-8), amount("donation_refunded", 1, 1e-8, 1e-8)], both).net,
    2e-8,
  );
});

Deno.test("partner ranges leave no gap: each begins where the one before ends", () => {
  equal(BAND_BOUNDS, [50, 100, 250, 1_000, 10_000]);
  equal(RECENCY_BOUNDS, [31, 91, 181, 366]);
  for (const [i, band] of GIFT_BANDS.entries()) equal(band.to, GIFT_BANDS[i + 1]?.from ?? null);
  for (const [i, { to_days }] of RECENCY.entries()) equal((to_days ?? 365) + 1, RECENCY[i + 1]?.from_days ?? 366);
});

Deno.test("partner recency is of all partners, and small ranges are hidden together with one more", () => {
  const shown = recencyOf([6, 0, 2, 0, 9, 3], false);
  equal(shown.map((one) => one.partners), [6, 0, 2, 0, 9, 3]);
  equal(shown[0]?.share, { value: 0.3, numerator: 6, denominator: 20 });
  equal(shown.at(-1)?.name, "never");
  // 2 and 3 are small and five together; with 2 and 1 the next smallest, 6, is hidden too.
  equal(recencyOf([6, 0, 2, 0, 9, 3], true).map((one) => one.partners), [6, 0, null, 0, 9, null]);
  equal(recencyOf([6, 0, 2, 0, 9, 1], true).map((one) => one.suppressed), [true, false, true, false, false, true]);
  equal(recencyOf([0, 0, 0, 0, 0, 0], false)[0]?.share, { value: null, numerator: 0, denominator: 0 });
});

const cell = (cell: string, n: number, sum: number) => ({ cell, n, sum, people: n, unnamed: 0 });
const cells = { whole: { n: 10, sum: 200, people: 10, unnamed: 0 }, hidden: [], rest: null };

Deno.test("a partner's recurring share is of all gifts, and not known where no gift says", () => {
  const { money, gifts } = recurringShares({ ...cells, shown: [cell("true", 6, 50), cell("false", 4, 150)] });
  equal([money, gifts], [{ numerator: 50, denominator: 200 }, { numerator: 6, denominator: 10 }]);
  equal(recurringShares({ ...cells, shown: [cell("false", 10, 200)] }).gifts, { numerator: 0, denominator: 10 });
  const none = { numerator: null, denominator: null };
  equal(recurringShares({ ...cells, shown: [cell("", 10, 200)] }), { money: none, gifts: none });
  const hidden = { ...cells, shown: [cell("", 6, 50)], hidden: ["false", "true"] };
  equal(recurringShares(hidden), { money: none, gifts: none });
});

Deno.test("a partner concentration of fewer than five people needs a token", () => {
  const top = { donors: 40, top_donors: 4, top_gross: 30, gross: 60 };
  const shown = { share: { numerator: 30, denominator: 60 }, top_donors: 4 };
  equal(concentration(top, false), shown);
  equal(concentration(top, true), { share: { numerator: null, denominator: null }, top_donors: null });
  equal(concentration({ ...top, top_donors: 5 }, true), { ...shown, top_donors: 5 });
});
