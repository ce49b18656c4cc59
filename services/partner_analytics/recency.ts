import { quotient } from "../analytics/figures.ts";
import { suppressed } from "../analytics/suppression.ts";
import type { PartnerEngagement } from "./engagement_schema.ts";
import { RECENCY } from "./ranges.ts";

/** The name of those who never interacted. */
const NEVER = { name: "never", from_days: null, to_days: null };

/**
 * How many partners had their last interaction how long ago, as shares of all partners.
 * @param people one count for each range of `RECENCY`, and at the end those who never interacted
 * @param discreet hides ranges of 1 to 4 people, and one more where subtraction would give them away
 */
export function recencyOf(people: readonly number[], discreet: boolean): PartnerEngagement["recency"] {
  const denominator = people.reduce((sum, own) => sum + own, 0);
  const hides = discreet ? suppressed(people.map((own) => ({ people: own }))) : [];
  return [...RECENCY, NEVER].map((range, i) => {
    if (hides[i] === true) return { ...range, partners: null, share: null, suppressed: true };
    const ratio = { numerator: people[i] ?? 0, denominator };
    return { ...range, partners: ratio.numerator, share: { value: quotient(ratio), ...ratio }, suppressed: false };
  });
}
