import { LEVEL_REACH, ROUNDING } from "./anomaly_baseline.ts";
import { quantile } from "./quantile.ts";

/** What speaks for an anomaly at each value: a size on the scale of standard deviations, 0 where nothing does. */
export type Evidence = number[];

const LONGEST_SPELL = 10;

/**
 * Several values in a row on one side say more than each alone: the weakest of k, times √(k/3), up to k = 10.
 * @param scores signed, in standard deviations
 */
export function spellEvidence(scores: readonly number[]): Evidence {
  const evidence = scores.map(() => 0);
  for (let first = 0; first < scores.length; first++) {
    const side = Math.sign(scores[first] ?? 0);
    let weakest = Infinity;
    for (let k = 1; k <= LONGEST_SPELL; k++) {
      const score = scores[first + k - 1] ?? 0;
      if (side === 0 || Math.sign(score) !== side) break;
      weakest = Math.min(weakest, Math.abs(score));
      const together = weakest * Math.sqrt(k / 3);
      for (let i = first; i < first + k; i++) evidence[i] = Math.max(evidence[i] ?? 0, together);
    }
  }
  return evidence;
}

/** Where more values than this share repeat the one before, repeating is the series' habit. */
const RARE_REPEATS = 0.1;

/**
 * A value that stays exactly the same k times, in a series where that is rare, is stuck: √(2·k·ln(1/p)), the distance at
 * which a normal distribution's tail is about p^k, where p is the share of values that begin such a stretch. From k = 2
 * on; 0 for the first of the same values, which may be right, and all 0 where over a tenth of the values repeat.
 */
export function stuckEvidence(values: readonly (number | null)[]): Evidence {
  const evidence = values.map(() => 0);
  const same = (i: number) => i > 0 && values[i] !== undefined && values[i] !== null && values[i] === values[i - 1];
  const known = values.filter((value) => value !== null).length;
  if (values.filter((_, i) => same(i)).length > RARE_REPEATS * known) return evidence;
  const begun = values.filter((_, i) => same(i) && !same(i - 1)).length;
  const surprise = -Math.log((begun + 1) / (known + 1));
  for (let first = 1; first < values.length; first++) {
    let k = 0;
    while (same(first + k)) k++;
    for (let i = first; k >= 2 && i < first + k; i++) evidence[i] = Math.sqrt(2 * k * surprise);
    first += k;
  }
  return evidence;
}

/** Where the level changes for good. */
export type Shifts = {
  /** Signed: above 0 where the level rises. */
  evidence: Evidence;
  /** The level before, where it changes; null elsewhere. */
  before: (number | null)[];
};

/**
 * Where the level changes for good: its change over a month, in units of the scale of the values or of the changes that
 * the level usually makes, whichever is larger. Only at the value where the change fits best; 0 elsewhere.
 * @param level running medians over 14 values on either side, so that fewer than 15 values are no new level
 * @param deseasonalised the values without their season
 * @param scale of the values
 */
export function shiftEvidence(
  level: readonly (number | null)[],
  deseasonalised: readonly (number | null)[],
  scale: readonly number[],
): Shifts {
  const shifts: Shifts = { evidence: level.map(() => 0), before: level.map(() => null) };
  const around = level.map((_, i) => ({ before: level[i - REACH] ?? null, after: level[i + REACH - 1] ?? null }));
  const changes = around.map(({ before, after }) => {
    const change = before === null || after === null ? 0 : after - before;
    return Math.abs(change) < ROUNDING ? 0 : change;
  });
  const usual = PER_MAD * (quantile(changes.map(Math.abs).sort((a, b) => a - b), 0.5) ?? 0);
  for (const [i, { before, after }] of around.entries()) {
    const unit = Math.max(scale[i] ?? 0, usual);
    if (before === null || after === null || unit === 0 || !isPeak(changes, i)) continue;
    const onset = onsetOf(deseasonalised, i, before, after);
    const size = (after - before) / unit;
    if (Math.abs(size) <= Math.abs(shifts.evidence[onset] ?? 0)) continue;
    [shifts.evidence[onset], shifts.before[onset]] = [size, before];
  }
  return shifts;
}

/** Standard deviations to one median absolute deviation, of a normal distribution. */
const PER_MAD = 1.4826;
/** From a change to where the level before and after is known without it. */
const REACH = LEVEL_REACH + 1;

/** Whether no change nearby is larger, and of those as large this is the first. */
function isPeak(changes: readonly number[], i: number): boolean {
  const own = Math.abs(changes[i] ?? 0);
  for (let j = Math.max(0, i - REACH); j <= i + REACH; j++) {
    const other = Math.abs(changes[j] ?? 0);
    if (other > own || (other === own && j < i)) return false;
  }
  return own > 0;
}

/** The first value of the new level near i: where the least is on the wrong side, by distance. */
function onsetOf(values: readonly (number | null)[], i: number, before: number, after: number): number {
  let [cost, least, onset] = [0, Infinity, i];
  for (let j = Math.max(0, i - LEVEL_REACH); j < Math.min(values.length - 1, i + LEVEL_REACH); j++) {
    const value = values[j] ?? null;
    cost += value === null ? 0 : Math.abs(value - before) - Math.abs(value - after);
    if (cost < least) [least, onset] = [cost, j + 1];
  }
  return onset;
}
