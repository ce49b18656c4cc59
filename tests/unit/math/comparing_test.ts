import { deepStrictEqual as equal, ok } from "node:assert/strict";
import fc from "fast-check";
import {
  analysisOfVariance,
  dispersion,
  effectiveSize,
  hedgesG,
  holm,
  kruskalWallis,
  type Moments,
  skewness,
  summary,
  welchAnova,
  welchT,
} from "../../../services/math/mod.ts";
import { closeTo } from "./close_to.ts";
import { CERTIFIED_ANOVA } from "./nist_anova.ts";

const momentsOf = (values: readonly number[]): Moments => {
  const { n, mean, variance } = summary(values);
  return { n, mean: mean ?? NaN, variance: variance ?? NaN };
};

/**
 * Groups, and what others say of them: SciPy 1.17.1 f_oneway (F, p), kruskal (H, p), ttest_ind(first, second,
 * equal_var=False) (t, df, p), skew(bias=False) of the first; statsmodels 0.15.0 anova_oneway(use_var="unequal") (F, df1,
 * df2, p); Hedges' g of the first two by math.lgamma.
 */
const REFERENCE = [
  {
    groups: [[6.9, 5.4, 5.8, 4.6, 4], [8.3, 6.8, 7.8, 9.2, 6.5], [8, 10.5, 8.1, 6.9, 9.3]],
    ...{ fisher: [9.591107036442812, 0.0032482226008593005], kruskal: [8.389982110912344, 0.015070877263608444] },
    ...{ welch: [9.023741344048918, 2, 7.930235384361868, 0.009051398579123376], g: -1.9352119600052524 },
    ...{ t: [-3.389639386780516, 7.998734940809775, 0.009507253160036151], skew: 0.32355711105687623 },
  },
  {
    groups: [
      [27.1, 22, 20.8, 23.4, 23.4, 23.5, 25.8, 22, 24.8, 20.2, 21.9, 22.1, 22.9, 30.5, 31],
      [18, 24.5, 26.1],
      [32.2, 35.4, 30.3, 31.9],
      [0.5, 44, 12.2, 7.7, 60.1],
    ],
    ...{ fisher: [0.6576374870206759, 0.5864327268913518], kruskal: [6.086255345143548, 0.10748830030119785] },
    ...{ welch: [11.14257394959972, 3, 5.97876374148824, 0.007326486849830438], g: 0.3441765927713598 },
    ...{ t: [0.4691383465387126, 2.479531132999738, 0.6770659951393183], skew: 1.1829817085504455 },
  },
  {
    groups: [[0, 0, 0, 120, 0, 35, 0, 0], [0, 10, 0, 0, 0, 0, 0, 15, 0], [500, 0, 0, 250, 0, 0, 90]],
    ...{ fisher: [2.7311930411528835, 0.08824661988544803], kruskal: [1.805715997090659, 0.4054093431258877] },
    ...{ welch: [1.772683924192136, 2, 8.744838989590383, 0.22580011318068213], g: 0.5375713497944482 },
    ...{ t: [1.0969190081446696, 7.220636838552251, 0.3079060535457149], skew: 2.4355872791341246 },
  },
  {
    groups: [[1, 2, 2, 3, 3, 3], [2, 2, 3, 4, 4], [1, 1, 1, 2]],
    ...{ fisher: [5.084536082474224, 0.025153728769213006], kruskal: [6.48005780346821, 0.03916276321086126] },
    ...{ welch: [6.660215612970881, 2, 7.7473502985957925, 0.020750155337030854], g: -0.6749413379959298 },
    ...{ t: [-1.1952286093343933, 7.762376237623761, 0.267233483337925], skew: -0.8573214099741134 },
  },
  {
    groups: [[1e15, 9.7e14, 9.9e14, 1.01e15], [9.5e14, 9.6e14, 9.4e14], [1.02e15, 1.03e15, 1.001e15, 1e15]],
    ...{ fisher: [15.905969736478209, 0.0016304467050599345], kruskal: [7.408675799086758, 0.02461651057606555] },
    ...{ welch: [21.626048863253786, 2, 5.320947813091677, 0.0027852488621504198], g: 2.4368898300077597 },
    ...{ t: [4.123105625617661, 4.849596022374144, 0.009756740707798917], skew: -0.7528371991317258 },
  },
  {
    groups: [[1e-9, 2e-9, 1.5e-9], [3e-9, 2.5e-9, 4e-9], [1e-9, 1.1e-9, 0.9e-9]],
    ...{ fisher: [13.73517786561265, 0.005760666939339176], kruskal: [6.252100840336137, 0.043890805613343756] },
    ...{ welch: [10.596147714255347, 2, 2.8121854522298224, 0.04904316088986575], g: -2.060129077457011 },
    ...{ t: [-3.1622776601683786, 3.448275862068965, 0.04191451747145408], skew: null },
  },
  {
    groups: [[-5, 3, -2, 8], [0, 0.5, -0.5, 1, -1], [-20, 15, -3, 9, 2, -1]],
    ...{ fisher: [0.016588737548282165, 0.983570611548369], kruskal: [0.033810375670838506, 0.983236903034793] },
    ...{ welch: [0.055205772028677984, 2, 5.1137258252754885, 0.9468465525073743], g: 0.23441110369648038 },
    ...{ t: [0.3472794481039396, 3.091996278246612, 0.7506814226216382], skew: 0.3856339536743195 },
  },
];

Deno.test("an analysis of variance has NIST's certified digits, as far as doubles go", () => {
  for (const { name, groups, f, r_squared, digits } of CERTIFIED_ANOVA) {
    const found = analysisOfVariance(groups);
    closeTo(found?.f ?? null, f, 10 ** -digits, `${name}: F`);
    closeTo(found?.eta_squared ?? null, r_squared, 10 ** -digits, `${name}: R²`);
  }
});

Deno.test("tests of means, ranks and effects are those of SciPy and statsmodels", () => {
  for (const [i, { groups, fisher, welch, kruskal, t, g, skew }] of REFERENCE.entries()) {
    const near = (values: readonly (number | null | undefined)[], expected: readonly number[]) =>
      expected.forEach((value, at) => closeTo(values[at] ?? null, value, 1e-9, `${i}: ${at} of ${expected}`));
    const moments = groups.map(momentsOf);
    const [a, b] = moments;
    if (a === undefined || b === undefined) throw new TypeError("Two groups");
    const found = { f: analysisOfVariance(groups), w: welchAnova(moments), h: kruskalWallis(groups), t: welchT(a, b) };
    near([found.f?.f, found.f?.p_value], fisher);
    near([found.w?.f, found.w?.df1, found.w?.df2, found.w?.p_value], welch);
    near([found.h?.h, found.h?.p_value], kruskal);
    near([found.t?.t, found.t?.df, found.t?.p_value], t);
    near([hedgesG(a, b)], [g]);
    if (skew !== null) near([skewness(groups[0] ?? [])], [skew]);
  }
});

Deno.test("of two samples Welch's F is the square of his t", () => {
  for (const { groups } of REFERENCE) {
    const [a, b] = groups.map(momentsOf);
    if (a === undefined || b === undefined) throw new TypeError("Two groups");
    const [t, f] = [welchT(a, b), welchAnova([a, b])];
    closeTo(f?.f ?? null, (t?.t ?? NaN) ** 2, 1e-12);
    closeTo(f?.df2 ?? null, t?.df ?? NaN, 1e-12);
    closeTo(f?.p_value ?? null, t?.p_value ?? NaN, 1e-11);
  }
});

Deno.test("Holm's adjustment is that of statsmodels, and never turns the order", () => {
  // multipletests([...], method="holm") of statsmodels 0.15.0
  holm([0.01, 0.02, 0.03, 0.04, 0.005, 0.9]).forEach((p, i) =>
    closeTo(p, [0.05, 0.08, 0.09, 0.09, 0.03, 0.9][i] ?? NaN, 1e-15)
  );
  equal([holm([]), holm([0.4]), holm([0, 1]), holm([NaN, 2, -1])], [[], [0.4], [0, 1], [1, 1, 0]]);
  fc.assert(fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }), (ps) => {
    const adjusted = holm(ps);
    ps.forEach((p, i) => {
      ok((adjusted[i] ?? -1) >= p && (adjusted[i] ?? 2) <= 1);
      ps.forEach((q, j) => ok(p > q || (adjusted[i] ?? 1) <= (adjusted[j] ?? 0)));
    });
  }));
});

Deno.test("what differs by nothing, or cannot be told, has no test", () => {
  const [flat, other] = [momentsOf([5, 5, 5]), momentsOf([7, 7, 7])];
  equal([welchT(flat, other), welchAnova([flat, other]), hedgesG(flat, other)], [null, null, null]);
  equal([analysisOfVariance([[5, 5], [7, 7]]), analysisOfVariance([[1, 2]]), analysisOfVariance([])], [
    null,
    null,
    null,
  ]);
  equal([analysisOfVariance([[1], [2]]), analysisOfVariance([[1, 2], []])], [null, null]);
  equal([kruskalWallis([[5, 5], [5]]), kruskalWallis([[1, 2], []]), kruskalWallis([[NaN], [1]])], [null, null, null]);
  equal(welchT({ n: 1, mean: 1, variance: 0 }, other), null);
  // One that does not vary can still be told from one that does: t = (5 − 2)/√(1/3), df = 2.
  const told = welchT(flat, momentsOf([1, 2, 3]));
  closeTo(told?.t ?? null, 3 * Math.sqrt(3), 1e-15);
  equal(told?.df, 2);
  equal(welchAnova([flat, momentsOf([1, 2, 3])]), null);
});

Deno.test("neighbours that are alike count for less", () => {
  // 1…8: mean 4.5, Σd² = 42, Σd·d₊₁ = 26.25, r = 0.625; 8·0.375/1.625 = 1.85, and 2 is the least.
  equal(effectiveSize([1, 2, 3, 4, 5, 6, 7, 8]), { n: 8, autocorrelation: 0.625, effective_n: 2 });
  // By turns: mean 0, Σd² = 4, Σd·d₊₁ = −3: as good as independent, not better.
  equal(effectiveSize([1, -1, 1, -1]), { n: 4, autocorrelation: -0.75, effective_n: 4 });
  // 4 of 0, 4 of 2: mean 1, Σd² = 8, products 3 − 1 + 3 = 5; 8·(3/8)/(13/8) = 24/13, below 2.
  equal(effectiveSize([0, 0, 0, 0, 2, 2, 2, 2]).autocorrelation, 5 / 8);
  // 0 0 2 2 0 0 2 2: mean 1, products 1 − 1 + 1 − 1 + 1 − 1 + 1 = 1, r = 1/8; 8·(7/8)/(9/8) = 56/9.
  closeTo(effectiveSize([0, 0, 2, 2, 0, 0, 2, 2]).effective_n, 56 / 9, 1e-15);
  equal([effectiveSize([]).effective_n, effectiveSize([3]).effective_n, effectiveSize([3, 3, 3]).effective_n], [
    0,
    1,
    3,
  ]);
});

Deno.test("a dispersion is what a hand calculation gives", () => {
  // 2, 4, 9: mean 5, squares 9 + 1 + 16 = 26, over 2.
  equal(dispersion([4, 9, 2]), {
    ...{ n: 3, mean: 5, variance: 13, stddev: Math.sqrt(13), coefficient_of_variation: Math.sqrt(13) / 5 },
    ...{ min: 2, max: 9, range: 7, ratio: 4.5 },
  });
  const { coefficient_of_variation, ratio, range } = dispersion([-1, 1]);
  equal([coefficient_of_variation, ratio, range], [null, null, 2]);
  equal(Object.values(dispersion([])), [0, null, null, null, null, null, null, null, null]);
});

Deno.test("no comparison answers NaN or Infinity, whatever the values", () => {
  const anything = fc.oneof(
    fc.double(),
    fc.constantFrom(0, 1, 1e15, 1e-9, -3, Number.MAX_VALUE, Number.MIN_VALUE, NaN, Infinity),
    fc.integer({ min: -5, max: 5 }),
  );
  const groups = fc.array(fc.array(anything, { maxLength: 8 }), { maxLength: 5 });
  const isFinite = (answer: unknown): boolean =>
    typeof answer === "number"
      ? Number.isFinite(answer)
      : answer === null || typeof answer !== "object" || Object.values(answer).every(isFinite);
  fc.assert(
    fc.property(groups, anything, (all, size) => {
      const moments = all.map(momentsOf);
      const [a = momentsOf([]), b = { n: size, mean: size, variance: size }] = moments;
      const answers = [analysisOfVariance(all), kruskalWallis(all), welchAnova(moments), welchT(a, b), hedgesG(a, b)];
      ok(isFinite(answers), JSON.stringify(answers));
      for (const values of all) {
        const single = [skewness(values), dispersion(values), effectiveSize(values)];
        ok(isFinite(single), JSON.stringify(single));
      }
      for (const test of answers) {
        if (test === null || typeof test === "number") continue;
        ok(test.p_value >= 0 && test.p_value <= 1);
      }
    }),
    { seed: 20_240_607, numRuns: 1000 },
  );
});
