/**
 * The median of what is known within `half` places on either side of each place, itself included; towards the ends of
 * fewer. Null where nothing is: null and what is not finite are not known. n·(log w + w/8) for windows of w values.
 */
export function rollingMedian(values: readonly (number | null)[], half: number): (number | null)[] {
  const reach = Math.max(0, Math.floor(half)) || 0;
  const window: number[] = [];
  const medians: (number | null)[] = [];
  for (let i = 0; i < Math.min(reach, values.length); i++) enter(window, values[i]);
  for (let i = 0; i < values.length; i++) {
    if (i + reach < values.length) enter(window, values[i + reach]);
    if (i - reach > 0) leave(window, values[i - reach - 1]);
    medians.push(middle(window));
  }
  return medians;
}

const isKnown = (value: number | null | undefined): value is number => Number.isFinite(value);

function enter(window: number[], value: number | null | undefined): void {
  if (isKnown(value)) window.splice(placeOf(window, value), 0, value);
}

function leave(window: number[], value: number | null | undefined): void {
  if (isKnown(value)) window.splice(placeOf(window, value), 1);
}

/** The first place in an ascending list whose value is not less. */
function placeOf(window: readonly number[], value: number): number {
  let [low, high] = [0, window.length];
  while (low < high) {
    const half = (low + high) >> 1;
    if ((window[half] ?? Infinity) < value) low = half + 1;
    else high = half;
  }
  return low;
}

function middle(window: readonly number[]): number | null {
  const half = window.length >> 1;
  const upper = window[half];
  if (upper === undefined) return null;
  // Halves first: the sum of two large values may overflow.
  return window.length % 2 === 1 ? upper : (window[half - 1] ?? upper) / 2 + upper / 2;
}
