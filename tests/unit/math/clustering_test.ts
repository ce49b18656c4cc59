import { deepStrictEqual as equal, ok } from "node:assert/strict";
import fc from "fast-check";
import {
  chooseClusters,
  kMeans,
  MOST_MEASURED,
  seededUniforms,
  silhouettes,
  standardise,
} from "../../../services/math/mod.ts";
import { closeTo } from "./close_to.ts";
import { IRISES } from "./irises.ts";
import { normals } from "./seeded.ts";

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Sets that can be written down in a line, so that another program has the same numbers. */
const SETS: Record<string, readonly (readonly number[])[]> = {
  iris: IRISES,
  spiral: Array.from({ length: 60 }, (_, i) => [i * 37 % 101 / 10, i * i % 89 / 10]),
  blocks: Array.from({ length: 48 }, (_, i) => [i % 4 * 10 + i * 7 % 5, i % 3 * 8 + i * 11 % 4, i * 13 % 6]),
  line: Array.from({ length: 40 }, (_, i) => [i * i % 53]),
};

/**
 * scikit-learn 1.9.1: KMeans(k, n_init=500, tol=0, max_iter=1000).inertia_, silhouette_score(points, labels_), and the
 * sizes of the clusters, the largest first.
 */
const KNOWN: [set: string, k: number, inertia: number, silhouette: number, sizes: number[]][] = [
  ["iris", 2, 152.3479517603579, 0.6810461692117462, [97, 53]],
  ["iris", 3, 78.851441426146, 0.5528190123564095, [62, 50, 38]],
  ["iris", 4, 57.22847321428572, 0.49805050499728737, [50, 40, 32, 28]],
  ["iris", 5, 46.446182051282065, 0.48874888709310566, [50, 39, 25, 24, 12]],
  ["spiral", 2, 593.6825589225591, 0.3444934388271211, [33, 27]],
  ["spiral", 3, 358.07732142857145, 0.3933349984793354, [28, 16, 16]],
  ["spiral", 4, 217.48836285425097, 0.44008821863382497, [19, 16, 13, 12]],
  ["spiral", 5, 164.50485431235433, 0.44689512524840264, [13, 13, 12, 11, 11]],
  ["blocks", 2, 3525.25, 0.4780946122674619, [24, 24]],
  ["blocks", 3, 2630.875, 0.4171862122825769, [24, 12, 12]],
  ["blocks", 4, 1808.8333333333335, 0.3997779772025143, [12, 12, 12, 12]],
  ["blocks", 5, 1426.625, 0.42756292191461426, [12, 12, 8, 8, 8]],
  ["line", 2, 1943.0977443609017, 0.6820856113015179, [21, 19]],
  ["line", 3, 870.6111111111113, 0.6374933248685158, [18, 16, 6]],
  ["line", 4, 546.6111111111111, 0.6265745300145732, [18, 8, 8, 6]],
  ["line", 5, 279.8333333333333, 0.5785074071619494, [12, 8, 8, 6, 6]],
];

Deno.test("clusters are as tight as those of scikit-learn, and their silhouettes the same", () => {
  for (const [set, k, inertia, silhouette, sizes] of KNOWN) {
    const points = SETS[set] ?? [];
    const found = kMeans(points, { k, uniform: seededUniforms("x") });
    closeTo(found?.within ?? NaN, inertia, 1e-9);
    equal(found?.sizes, sizes, `${set} ${k}`);
    closeTo(mean(silhouettes(points, found?.labels ?? [])), silhouette, 1e-9);
  }
});

Deno.test("silhouettes of the three species of irises are those of scikit-learn", () => {
  const species = IRISES.map((_, i) => Math.floor(i / 50));
  const found = silhouettes(IRISES, species);
  // silhouette_samples(load_iris().data, load_iris().target), of which 0, 50, 100 and 149
  closeTo(found[0] ?? NaN, 0.8464691670128704, 1e-9);
  closeTo(found[50] ?? NaN, 0.06371556327037456, 1e-9);
  closeTo(found[100] ?? NaN, 0.4868420953396992, 1e-9);
  closeTo(found[149] ?? NaN, 0.05397226935951996, 1e-9);
  closeTo(mean(found), 0.5034774406932961, 1e-9);
});

Deno.test("silhouettes by hand: a the mean distance to the own group, b to the next", () => {
  // 0: a = 1, b = (10 + 11)/2; 1: a = 1, b = 9.5; the others mirror them; 20 is alone, so 0.
  const [first = NaN, second = NaN, , , alone] = silhouettes([[0], [1], [10], [11], [200]], [0, 0, 1, 1, 2]);
  closeTo(first, 9.5 / 10.5, 1e-12);
  closeTo(second, 8.5 / 9.5, 1e-12);
  equal(alone, 0);
  equal(silhouettes([[1], [1], [1], [1]], [0, 0, 1, 1]), [0, 0, 0, 0]);
  equal([silhouettes([[1], [2]], [0, 0]), silhouettes([[1], [2]], [0]), silhouettes([], [])], [[], [], []]);
});

Deno.test("standardised irises have the means and deviations of scikit-learn's StandardScaler", () => {
  const found = standardise(IRISES);
  const means = [5.843333333333335, 3.057333333333334, 3.7580000000000027, 1.199333333333334];
  const deviations = [0.8253012917851409, 0.43441096773549437, 1.7594040657753032, 0.7596926279021594];
  for (const [i, value] of means.entries()) closeTo(found?.means[i] ?? NaN, value, 1e-12);
  for (const [i, value] of deviations.entries()) closeTo(found?.deviations[i] ?? NaN, value, 1e-12);
  // KMeans(2, n_init=500) on them: 222.36170496502302, silhouette 0.5817500491982808
  const clusters = chooseClusters(found?.rows ?? [], { k_max: 8 });
  equal([clusters?.k, clusters?.sizes], [2, [100, 50]]);
  closeTo(clusters?.within ?? NaN, 222.36170496502302, 1e-9);
  closeTo(clusters?.silhouette ?? NaN, 0.5817500491982808, 1e-9);
});

Deno.test("columns without differences are left out, and their places are told", () => {
  const found = standardise([[1, 7, 1e15], [3, 7, 1e15 + 2]]);
  equal([found?.rows, found?.columns, found?.deviations], [[[-1, -1], [1, 1]], [0, 2], [1, 0, 1]]);
  equal(standardise([[0.1, 5], [0.1, 6], [0.1, 7]])?.columns, [1]);
  equal([standardise([[1], [NaN]]), standardise([[1], [1, 2]])], [null, null]);
  equal(standardise([])?.rows, []);
});

Deno.test("clusters are in order: the largest first, of as large ones that of the earliest point", () => {
  const points = [[50], [0], [51], [1], [100], [2]];
  const found = kMeans(points, { k: 3, uniform: seededUniforms("x") });
  equal(found, { labels: [1, 0, 1, 0, 2, 0], centres: [[1], [50.5], [100]], sizes: [3, 2, 1], within: 2.5 });
  equal(kMeans(points, { k: 3, uniform: seededUniforms("another") }), found);
});

Deno.test("points that coincide are never in two clusters", () => {
  const found = kMeans([[1], [1], [1], [2], [2]], { k: 4, uniform: seededUniforms("x") });
  equal([found?.sizes, found?.within], [[3, 2], 0]);
  const one = chooseClusters([[3], [3], [3]], { k_max: 5 });
  equal([one?.k, one?.silhouette, one?.within], [1, null, 0]);
  const two = chooseClusters([[1], [1], [1], [2], [2]], { k_max: 4 });
  equal([two?.k, two?.tried.map(({ k }) => k)], [2, [2]]); // three make the same two
});

Deno.test("what cannot be clustered is null", () => {
  const uniform = seededUniforms("x");
  equal(kMeans([], { k: 2, uniform }), null);
  equal(kMeans([[1], [2]], { k: 0, uniform }), null);
  equal(kMeans([[1], [2]], { k: 1.5, uniform }), null);
  equal(kMeans([[], []], { k: 2, uniform }), null);
  equal(kMeans([[1], [Infinity]], { k: 2, uniform }), null);
  equal(kMeans([[1], [1e200]], { k: 2, uniform }), null);
  equal(chooseClusters([], { k_max: 3 }), null);
});

Deno.test("three clouds far apart are found as three, each whole", () => {
  const normal = normals(4);
  const points = Array.from(
    { length: 300 },
    (_, i) => [10 * (i % 3) + normal(), 10 * (i % 3 === 1 ? 1 : 0) + normal()],
  );
  const found = chooseClusters(points, { k_max: 8 });
  equal([found?.k, found?.sizes], [3, [100, 100, 100]]);
  ok(points.every((_, i) => found?.labels[i] === i % 3));
  ok((found?.silhouette ?? 0) > 0.7);
});

Deno.test("of many points silhouettes are measured on a sample, always the same", () => {
  const normal = normals(9);
  const points = Array.from({ length: MOST_MEASURED + 200 }, (_, i) => [20 * (i % 2) + normal()]);
  const found = chooseClusters(points, { k_max: 3 });
  equal([found?.k, found?.measured], [2, MOST_MEASURED]);
  ok((found?.silhouette ?? 0) > 0.8);
  equal(chooseClusters(points, { k_max: 3 }), found);
});

Deno.test("clusters are finite and whole, whatever the points", () => {
  const coordinate = fc.oneof(
    fc.double(),
    fc.double({ min: -1, max: 1, noNaN: true }),
    fc.constantFrom(0, 1, 1e15, 1e-9, -3),
  );
  const points = fc.integer({ min: 1, max: 3 }).chain((width) =>
    fc.array(fc.array(coordinate, { minLength: width, maxLength: width }), { maxLength: 25 })
  );
  fc.assert(
    fc.property(points, fc.integer({ min: 1, max: 6 }), (rows, k) => {
      const standard = standardise(rows);
      for (const table of [rows, standard?.rows ?? []]) {
        const found = chooseClusters(table, { k, k_max: 6 });
        if (found === null) continue;
        const { labels, sizes, within, silhouette, silhouettes: own } = found;
        ok([within, ...own, silhouette, ...found.centres.flat()].every((x) => x === null || Number.isFinite(x)));
        equal(sizes.reduce((a, b) => a + b, 0), table.length);
        ok(sizes.length <= k && labels.every((label) => label >= 0 && label < sizes.length));
        ok(own.every((x) => x === null || Math.abs(x) <= 1));
      }
    }),
    { seed: 20_240_607, numRuns: 300 },
  );
});
