import type { Standing } from "../../db/partner_standing.ts";
import { type Quotient, quotient } from "../analytics/figures.ts";

/**
 * Donors in both this and the previous period / donors in the previous: retention as the Fundraising Effectiveness Project
 * of the Association of Fundraising Professionals measures it.
 */
export function donorRetention({ donors_retained, donors_before }: Standing): Quotient {
  return { numerator: donors_retained, denominator: donors_before };
}

/** Of the donors whose first gift was in the previous period, those who gave in this one too / all of them. */
export function newDonorRetention({ first_time_retained, first_time_before }: Standing): Quotient {
  return { numerator: first_time_retained, denominator: first_time_before };
}

/** Of the donors whose first gift was in the previous period, those with another within 12 months of it / all of them. */
export function secondGiftRate({ second_gifts, first_time_before }: Standing): Quotient {
  return { numerator: second_gifts, denominator: first_time_before };
}

/** Gross / gifts, of those that name a partner, of the 12 months to the period's end, in the one currency. */
export function averageGift({ year_gross, year_gifts }: Standing): Quotient {
  return { numerator: year_gross, denominator: year_gifts };
}

/** Gifts / donors of the 12 months to the period's end. */
export function giftsPerDonor({ year_gifts, year_donors }: Standing): Quotient {
  return { numerator: year_gifts, denominator: year_donors };
}

/** Donors in both the 12 months to the period's end and the 12 before / donors in the 12 before. */
export function annualRetention({ year_retained, last_year_donors }: Standing): Quotient {
  return { numerator: year_retained, denominator: last_year_donors };
}

/**
 * What a donor gives in all, in money: average gift × gifts per donor and year / (1 − annual retention). Where a share r of
 * the donors stays from year to year, one stays 1 / (1 − r) years on average (the mean of the geometric distribution);
 * nothing is discounted. Null where a part is not known, or retention is 1.
 */
export function lifetimeValue(standing: Standing): number | null {
  const average = quotient(averageGift(standing));
  const gifts = quotient(giftsPerDonor(standing));
  const retention = quotient(annualRetention(standing));
  if (average === null || gifts === null || retention === null) return null;
  return quotient({ numerator: average * gifts, denominator: 1 - retention });
}
