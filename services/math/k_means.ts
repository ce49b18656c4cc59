/** Points in groups of what is close together. */
export type Clusters = {
  /** The group of each point, from 0: the largest group first, of as large ones that of the earliest point. */
  labels: number[];
  /** The mean of each group's points. */
  centres: number[][];
  sizes: number[];
  /** Σ of the squared distances of the points from the centres of their groups. */
  within: number;
};

/** How groups are looked for. */
export type KMeansOptions = {
  /** Groups, at most: points that coincide are never in two. */
  k: number;
  /** Uniform numbers in [0, 1): the same ones give the same groups. */
  uniform: () => number;
  /** Starts, of which the best is answered. When absent, 20,000 divided by the points, from 4 to 100. */
  starts?: number;
};

/** Points times starts. */
const STARTED = 20_000;
const [FEWEST_STARTS, MOST_STARTS] = [4, 100];
const FIRST_ROUNDS = 10;
const MOST_ROUNDS = 300;
/** Beyond this a squared distance may leave the range of a double. */
const LARGEST = 1e150;

/**
 * Groups points so that they are close to the centres of their groups: Lloyd's rounds (1982) from starts by k-means++
 * (Arthur & Vassilvitskii 2007), which draws each centre in proportion to the squared distance from those before. Each
 * start has ten rounds; the best goes on until no point changes its group, for 300 rounds at most.
 *
 * Fewer groups than k where fewer points differ. Null without points, for k below 1 or not whole, for points of several
 * lengths or none, and for coordinates that are not finite or above 1e150 in size.
 * @example
 * ```ts
 * const found = kMeans([[0], [9], [1], [10], [2]], { k: 2, uniform: () => 0.5 });
 * found?.labels; // [0, 1, 0, 1, 0]
 * found?.centres; // [[1], [9.5]]
 * found?.within; // 2.5
 * ```
 */
export function kMeans(points: readonly (readonly number[])[], options: KMeansOptions): Clusters | null {
  const { k, uniform } = options;
  const width = points[0]?.length ?? 0;
  const usable = width > 0 &&
    points.every((point) => point.length === width && point.every((x) => Math.abs(x) <= LARGEST));
  if (!usable || !Number.isSafeInteger(k) || k < 1) return null;
  const table: Table = { cells: Float64Array.from(points.flat()), n: points.length, width };
  const usual = Math.min(MOST_STARTS, Math.max(FEWEST_STARTS, Math.floor(STARTED / table.n)));
  let best = lloyd(table, start(table, k, uniform), FIRST_ROUNDS);
  for (let i = 1; i < (options.starts ?? usual); i++) {
    const other = lloyd(table, start(table, k, uniform), FIRST_ROUNDS);
    if (other.within < best.within) best = other;
  }
  return inOrder(lloyd(table, best.centres, MOST_ROUNDS), width);
}

/** Points row by row. */
type Table = { cells: Float64Array; n: number; width: number };
/** Labels, centres row by row, and Σ of squared distances. */
type Grouping = { labels: Int32Array; centres: Float64Array; within: number };

function squared(a: Float64Array, i: number, b: Float64Array, j: number, width: number): number {
  let total = 0;
  for (let x = 0; x < width; x++) {
    const apart = (a[i * width + x] ?? 0) - (b[j * width + x] ?? 0);
    total += apart * apart;
  }
  return total;
}

/** The first centres; fewer than k where all other points coincide with one. */
function start({ cells, n, width }: Table, k: number, uniform: () => number): Float64Array {
  const chosen: number[] = [];
  const nearest = new Float64Array(n).fill(1);
  while (chosen.length < k) {
    const next = drawn(nearest, uniform());
    if (next === null) break;
    if (chosen.length === 0) nearest.fill(Infinity);
    chosen.push(next);
    for (let i = 0; i < n; i++) {
      nearest[i] = Math.min(nearest[i] ?? 0, squared(cells, i, cells, next, width));
    }
  }
  const centres = new Float64Array(chosen.length * width);
  for (const [c, i] of chosen.entries()) centres.set(cells.subarray(i * width, (i + 1) * width), c * width);
  return centres;
}

/** A place drawn in proportion to its weight; null where all weights are 0. */
function drawn(weights: Float64Array, share: number): number | null {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let left = share * total;
  let last: number | null = null;
  for (const [i, weight] of weights.entries()) {
    if (weight <= 0) continue;
    last = i;
    left -= weight;
    if (left < 0) break;
  }
  return last;
}

function lloyd(table: Table, centres: Float64Array, most: number): Grouping {
  const labels = new Int32Array(table.n).fill(-1);
  for (let round = 0; round < most; round++) {
    if (!assign(table, centres, labels)) break;
    recentre(table, centres, labels);
  }
  let within = 0;
  for (let i = 0; i < table.n; i++) within += squared(table.cells, i, centres, labels[i] ?? 0, table.width);
  return { labels, centres, within };
}

/** Gives each point to its nearest centre, the first of as near ones; whether any point changed. */
function assign({ cells, n, width }: Table, centres: Float64Array, labels: Int32Array): boolean {
  const count = centres.length / width;
  let changed = false;
  for (let i = 0; i < n; i++) {
    let [nearest, least] = [0, Infinity];
    for (let c = 0; c < count; c++) {
      let distance = 0;
      for (let x = 0; x < width && distance < least; x++) {
        const apart = (cells[i * width + x] ?? 0) - (centres[c * width + x] ?? 0);
        distance += apart * apart;
      }
      if (distance < least) [nearest, least] = [c, distance];
    }
    if (labels[i] === nearest) continue;
    labels[i] = nearest;
    changed = true;
  }
  return changed;
}

/** Moves each centre to the mean of its points; one without points stays where it is. */
function recentre({ cells, n, width }: Table, centres: Float64Array, labels: Int32Array): void {
  const sums = new Float64Array(centres.length);
  const sizes = new Int32Array(centres.length / width);
  for (let i = 0; i < n; i++) {
    const label = labels[i] ?? 0;
    sizes[label] = (sizes[label] ?? 0) + 1;
    for (let x = 0; x < width; x++) {
      sums[label * width + x] = (sums[label * width + x] ?? 0) + (cells[i * width + x] ?? 0);
    }
  }
  for (const [place, sum] of sums.entries()) {
    const size = sizes[Math.floor(place / width)] ?? 0;
    if (size > 0) centres[place] = sum / size;
  }
}

function inOrder({ labels, centres, within }: Grouping, width: number): Clusters {
  const members = Map.groupBy([...labels.keys()], (i) => labels[i] ?? 0);
  const order = [...members].sort(([, a], [, b]) => b.length - a.length || (a[0] ?? 0) - (b[0] ?? 0));
  const rank = new Map(order.map(([label], place) => [label, place]));
  return {
    labels: Array.from(labels, (label) => rank.get(label) ?? 0),
    centres: order.map(([label]) => Array.from(centres.subarray(label * width, (label + 1) * width))),
    sizes: order.map(([, own]) => own.length),
    within,
  };
}
