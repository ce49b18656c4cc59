import type { PairNumbers, PairQuestion } from "./correlated_pair.ts";
import { percent, periodsOf, pInWords, rInWords } from "./wording.ts";

/** How strong an |r| is called (Cohen 1988). */
const STRENGTHS: readonly (readonly [from: number, word: string])[] = [
  [0.5, "strong"],
  [0.3, "moderate"],
  [0.1, "weak"],
  [0, "very weak"],
];

/**
 * What the numbers of a pair support, in words; of causes they say nothing.
 * @param shared what alone makes a correlation of the two
 */
export function interpretation(pair: PairNumbers, question: PairQuestion, shared: readonly string[]): string {
  const { pearson, reason } = pair;
  if (pearson === null) return reason ?? "Not known";
  if (!pair.significant) return noAssociation(pair, question) + lagSentence(pair, question);
  const but = shared.map((one, i) => ` ${i === 0 ? "But" : "And"} ${one}.`).join("");
  return association(pair, pearson.r, question) + but + lagSentence(pair, question);
}

function association(
  { a, b, n, adjusted }: PairNumbers,
  r: number,
  { confidence_level, interval }: PairQuestion,
): string {
  const strength = STRENGTHS.find(([from]) => Math.abs(r) >= from)?.[1] ?? "very weak";
  const sign = r < 0 ? "negative" : "positive";
  const { lower = null, upper = null, p_value = null } = adjusted ?? {};
  const range = lower === null || upper === null
    ? ""
    : `, ${percent(confidence_level)} interval ${rInWords(lower)} to ${rInWords(upper)}`;
  const along = `there tends to be ${r < 0 ? "less" : "more"} of ${b}`;
  return `A ${strength} ${sign} association: ${
    interval === "day" ? "on" : "in"
  } ${interval}s with more of ${a} ${along} ` +
    `(r = ${rInWords(r)} over ${periodsOf(n, interval)}${range}${
      said(p_value)
    }). Whether one causes the other this does ` +
    "not say.";
}

function noAssociation({ n, pearson, adjusted }: PairNumbers, { confidence_level, interval }: PairQuestion): string {
  const { r = 0, p_value = null } = pearson ?? {};
  const over = `r = ${rInWords(r)} over ${periodsOf(n, interval)}`;
  const looksSo = p_value !== null && p_value < 1 - confidence_level;
  if (!looksSo || adjusted === null) return `No association beyond chance is seen: ${over}${said(p_value)}.`;
  const chance = adjusted.p_value === null
    ? "cannot be told from chance"
    : `may be chance (${pInWords(adjusted.p_value)})`;
  return `${over} looks like an association, but neighbouring ${interval}s are alike: they are worth about ` +
    `${Math.round(adjusted.effective_n)} independent ones, among which it ${chance}.`;
}

const said = (p: number | null) => p === null ? "" : `, ${pInWords(p)}`;

/** Another lag is worth a sentence where it is beyond chance after the search, and clearly stronger than none. */
const CLEARLY = 0.1;

function lagSentence({ a, b, pearson, lag_scan }: PairNumbers, { confidence_level, interval }: PairQuestion): string {
  const best = lag_scan?.best;
  if (best === undefined || best.lag === 0 || best.p_value === null || best.p_value >= 1 - confidence_level) return "";
  const now = lag_scan?.lags.find(({ lag }) => lag === 0)?.r ?? pearson?.r ?? 0;
  if (Math.abs(best.r) < Math.abs(now) + CLEARLY) return "";
  const [first, then] = best.lag > 0 ? [a, b] : [b, a];
  const without = lag_scan?.without_season === null ? "" : " without their seasons";
  return ` Of all lags it is strongest between ${first} and ${then} ${
    periodsOf(Math.abs(best.lag), interval)
  } later${without} ` +
    `(r = ${rInWords(best.r)}, ${pInWords(best.p_value)} after the search over lags).`;
}

/** Independent periods to those counted, below which a warning is due; likewise how far two coefficients may differ. */
const FEW_INDEPENDENT = 0.5;
const APART = 0.3;
const FEW_PERIODS = 10;

/** What to be careful about: few or alike periods, what both share, extremes. */
export function cautions(
  pair: PairNumbers,
  periods: number,
  shared: readonly string[],
  { interval }: PairQuestion,
): string[] {
  const { n, pearson, spearman, adjusted } = pair;
  if (pearson === null) return [];
  const warnings: string[] = [];
  const missing = periods - n;
  if (missing > 0) warnings.push(`${periodsOf(missing, interval)} left out, in which one of the two is not known`);
  if (n < FEW_PERIODS) warnings.push(`${periodsOf(n, interval)} are few: the p-value of Spearman is only approximate`);
  if (adjusted !== null && adjusted.effective_n < n * FEW_INDEPENDENT) {
    warnings.push(
      `Neighbouring ${interval}s are alike in both, so that the ${n} are worth about ${
        Math.round(adjusted.effective_n)
      } ` +
        "independent ones: the p-values and intervals of pearson and spearman are too sure",
    );
  }
  warnings.push(...shared);
  if (spearman !== null && Math.abs(pearson.r - spearman.r) > APART) {
    warnings.push("Pearson and Spearman are far apart: a few extremes, or a curve rather than a line");
  }
  return warnings;
}
