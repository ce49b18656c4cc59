import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { ingestMetrics } from "../../../services/metrics/mod.ts";
import { anonymous, type App, bearer } from "../../support/app.ts";

const PATH = "/api/v1/advanced/calculate";
const POSTS = { service_name: "social_media", metric_type: "social_post", metric_name: "post_published" };
const LIKES = { service_name: "social_media", metric_type: "engagement", metric_name: "post_likes" };
const FOLLOWERS = { service_name: "social_media", metric_type: "engagement", metric_name: "followers" };
const FIVE_DAYS = { start_date: "2025-12-01", end_date: "2025-12-05" };

type Ref = typeof POSTS;

/** Stores a reading for each value: one a day, the first on the day given. */
async function daily(t: App, ref: Ref, first: string, values: readonly number[], dimensions = {}) {
  const rows = values.map((metric_value, i) => ({
    ...{ ...ref, metric_unit: "count", metric_value, dimensions },
    date: new Date(Date.parse(first) + i * 86_400_000).toISOString().slice(0, 10),
  }));
  equal((await ingestMetrics(t.ctx, { kind: "local" }, rows)).rejected, []);
}

const correlation = (t: App, series: object[], more: object = {}, status = 200) =>
  t.json("POST", PATH, status, { body: { calculation_type: "correlation", series, ...more } });
const regression = (t: App, y: object, x: object[], more: object = {}, status = 200) =>
  t.json("POST", PATH, status, { body: { calculation_type: "regression", y, x, ...more } });

/** A few digits, so that a hand calculation can be read. */
const digits = (value: number | null) => value === null ? null : Number(value.toPrecision(9));

/** Numbers without a pattern, from 0 to 10. */
const scattered = (n: number) => Array.from({ length: n }, (_, i) => (7 * i * i + 3 * i) % 11);

/** Correlations and regressions over HTTP. Today is 24 December 2025. */
export const calculationsCases: Record<string, (t: App) => Promise<void>> = {
  async "calculate: a correlation of five days has the numbers of a hand calculation"(t) {
    await daily(t, POSTS, "2025-12-01", [1, 2, 3, 4, 5]);
    await daily(t, LIKES, "2025-12-01", [2, 4, 5, 4, 5]);
    const answer = await correlation(t, [POSTS, LIKES], FIVE_DAYS);
    equal([answer.calculation_type, answer.status, answer.reason], ["correlation", "ok", null]);
    equal([answer.regression, answer.anomaly_detection, answer.clustering], [null, null, null]);
    const { pairs: [pair], series } = answer.correlation;
    equal([pair.a, pair.b, pair.n, pair.reason, pair.significant], ["post_published", "post_likes", 5, null, false]);
    // Sxx = 10, Syy = 6, Sxy = 6: r = 6/√60; t = √4.5 with 3 degrees of freedom has p = 0.12402706 (scipy 1.17.1).
    const r = 6 / Math.sqrt(60);
    equal([digits(pair.pearson.r), digits(pair.pearson.p_value)], [digits(r), 0.124027063]);
    // Fisher: atanh r ± 1.959964/√(5 − 3).
    const [low, high] = [-1, 1].map((side) => Math.tanh(Math.atanh(r) + side * 1.959963984540054 / Math.SQRT2));
    equal([digits(pair.pearson.lower), digits(pair.pearson.upper)], [digits(low ?? 0), digits(high ?? 0)]);
    // Ranks of y: 1, 2.5, 4.5, 2.5, 4.5: Syy = 9, Sxy = 7, ρ = 7/√90.
    equal(digits(pair.spearman.r), digits(7 / Math.sqrt(90)));
    // Changes: 1, 1, 1, 1 do not vary.
    equal(pair.changes, null);
    equal(series.map((one: { n: number; mean: number; stddev: number }) => [one.n, one.mean, digits(one.stddev)]), [
      [5, 3, digits(Math.sqrt(2.5))],
      [5, 4, digits(Math.sqrt(1.5))],
    ]);
    equal(pair.interpretation, "No association beyond chance is seen: r = 0.77 over 5 days, p = 0.12.");
    match(pair.warnings.join(), /5 days are few/);
    equal(answer.meta, {
      period: { ...FIVE_DAYS, timezone: "UTC", complete: true },
      ...{ interval: "day", periods: 5, left_out: 0, data_through: answer.meta.data_through, warnings: [] },
    });
  },
  async "calculate: a correlation finds who leads, and by how many days"(t) {
    const posts = scattered(60);
    await daily(t, POSTS, "2025-10-25", posts); // to 23 December
    await daily(t, LIKES, "2025-10-27", posts.slice(0, 58).map((value) => 3 * value + 1));
    const window = { start_date: "2025-10-27", end_date: "2025-12-23" };
    const { correlation: { pairs: [pair] } } = await correlation(t, [POSTS, LIKES], { ...window, max_lag: 5 });
    const { lag, r, n, leads } = pair.lag_scan.best;
    equal([pair.lag_scan.max_lag, lag, digits(r), n, leads], [5, 2, 1, 56, "post_published"]);
    match(pair.interpretation, /strongest between post_published and post_likes 2 days later \(r = 1.00, p < 0.001/);
    const turned = await correlation(t, [LIKES, POSTS], { ...window, max_lag: 5 });
    equal(turned.correlation.pairs[0].lag_scan.best.lag, -2);
    const none = await correlation(t, [LIKES, POSTS], { ...window, max_lag: 0 });
    equal(none.correlation.pairs[0].lag_scan, null);
  },
  async "calculate: weeks have a flow's sum, a gauge's last level, and zeros where a flow had nothing"(t) {
    await daily(t, POSTS, "2025-12-01", [10]); // a Monday
    await daily(t, POSTS, "2025-12-16", [20]);
    await daily(t, POSTS, "2025-12-23", [1]); // in the running week
    await daily(t, FOLLOWERS, "2025-12-03", [100]);
    await daily(t, FOLLOWERS, "2025-12-10", [110, 120]);
    await daily(t, FOLLOWERS, "2025-12-21", [130]);
    const window = { start_date: "2025-12-01", end_date: "2025-12-24", interval: "week" };
    const answer = await correlation(t, [POSTS, FOLLOWERS], window);
    equal([answer.meta.periods, answer.meta.left_out, answer.meta.period.complete], [3, 1, false]);
    // 10, 0, 20 and 100, 120, 130: Sxx = 200, Sxy = 100, Syy = 1400/3.
    equal(digits(answer.correlation.pairs[0].pearson.r), digits(100 / Math.sqrt(200 * 1400 / 3)));
    equal(answer.correlation.series.map((one: { mean: number; kind: string }) => [one.mean, one.kind]), [
      [10, "flow"],
      [350 / 3, "gauge"],
    ]);
  },
  async "calculate: what a flow's record only begins or ends in is not known, and not zero"(t) {
    await daily(t, POSTS, "2025-11-20", [5]); // November is known from the 20th only
    await daily(t, POSTS, "2025-12-02", [7]);
    const answer = await correlation(t, [POSTS, POSTS], { start_date: "2025-10-01", interval: "month" });
    equal([answer.status, answer.meta.periods], ["insufficient_data", 2]); // October and November
    equal(
      answer.reason,
      "post_published and post_published [2] are both known in 0 months, and 3 are needed",
    );
  },
  async "calculate: series that drift along with time come with a warning, and with the correlation of their changes"(
    t,
  ) {
    const days = Array.from({ length: 60 }, (_, i) => i);
    await daily(t, POSTS, "2025-10-25", days.map((i) => i + (i * i) % 7));
    await daily(t, LIKES, "2025-10-25", days.map((i) => 3 * i + (i * i * i) % 11));
    const { correlation: { pairs: [pair] } } = await correlation(t, [POSTS, LIKES], { start_date: "2025-10-25" });
    ok(pair.pearson.r > 0.9 && pair.adjusted.effective_n < 30 && Math.abs(pair.changes.r) < 0.4);
    match(pair.warnings.join("\n"), /post_published rises and post_likes rises over the window, which alone makes/);
    match(pair.warnings.join("\n"), /Neighbouring days are alike in both, so that the 60 are worth about/);
  },
  async "calculate: what never varies has no correlation, and the answer names it"(t) {
    await daily(t, POSTS, "2025-12-01", [3, 3, 3, 3, 3]);
    await daily(t, LIKES, "2025-12-01", [2, 4, 5, 4, 5]);
    const answer = await correlation(t, [LIKES, POSTS], FIVE_DAYS);
    equal([answer.status, answer.correlation], ["insufficient_data", null]);
    equal(answer.reason, "post_published is the same in all 5 days: what does not vary has no correlation");
  },
  async "calculate: all pairs are looked at, or those asked, and labels tell series apart"(t) {
    await daily(t, LIKES, "2025-11-01", scattered(50), { platform: "x" });
    await daily(t, LIKES, "2025-11-01", scattered(50).map((value) => 10 - value), { platform: "y" });
    const refs = [
      { ...LIKES, dimensions: { platform: "x" } },
      { ...LIKES, dimensions: { platform: "y" } },
      { ...LIKES, dimensions: { platform: "x" } },
      { ...LIKES, label: "all likes" },
      ...[LIKES, LIKES, LIKES, LIKES],
    ];
    const window = { start_date: "2025-11-01", end_date: "2025-12-20" };
    const all = await correlation(t, refs, window);
    equal(all.correlation.series.map((one: { label: string }) => one.label), [
      ...["post_likes (x)", "post_likes (y)", "post_likes (x) [2]", "all likes"],
      ...["post_likes", "post_likes [2]", "post_likes [3]", "post_likes [4]"],
    ]);
    equal(all.correlation.pairs.length, 28);
    match(all.meta.warnings.at(-1), /^3 pairs are tested/); // those of the first three: all likes of a day are 10, which correlates with nothing
    const asked = await correlation(t, refs, { ...window, pairs: [[1, 0], [2, 0]] });
    equal(
      asked.correlation.pairs.map((pair: { a: string; b: string; pearson: { r: number } }) => [
        ...[pair.a, pair.b, digits(pair.pearson.r)],
      ]),
      [["post_likes (y)", "post_likes (x)", -1], ["post_likes (x) [2]", "post_likes (x)", 1]],
    );
  },
  async "calculate: a regression of five days has the numbers of a hand calculation"(t) {
    await daily(t, POSTS, "2025-12-01", [1, 2, 3, 4, 5]);
    await daily(t, LIKES, "2025-12-01", [2, 4, 5, 4, 5]);
    const { status, regression: fit } = await regression(t, LIKES, [POSTS], FIVE_DAYS);
    equal([status, fit.n, fit.df, fit.equation], ["ok", 5, 3, "post_likes = 2.2 + 0.6 × post_published"]);
    // Sxx = 10, Sxy = 6, Syy = 6: slope 0.6, RSS = 2.4, s² = 0.8, error of the slope √0.08, of the intercept
    // √(0.8·(1/5 + 9/10)); t quantile of 3 degrees of freedom 3.18244631; F = t² = 4.5.
    const [intercept, slope] = fit.coefficients;
    equal([intercept.term, digits(intercept.value), digits(intercept.standard_error)], [
      ...["intercept", 2.2, digits(Math.sqrt(0.88))],
    ]);
    equal([slope.term, digits(slope.value), digits(slope.standard_error), digits(slope.t), digits(slope.p_value)], [
      ...["post_published", 0.6, digits(Math.sqrt(0.08)), digits(Math.sqrt(4.5)), 0.124027063],
    ]);
    equal(digits(slope.upper), digits(0.6 + 3.182446305284263 * Math.sqrt(0.08)));
    equal([digits(slope.variance_inflation), intercept.variance_inflation], [1, null]);
    equal([fit.r_squared, fit.adjusted_r_squared, fit.residual_sd].map(digits), [
      ...[0.6, digits(1 - 0.4 * 4 / 3), digits(Math.sqrt(0.8))],
    ]);
    equal([digits(fit.f.statistic), fit.f.df1, fit.f.df2], [4.5, 1, 3]);
    // Residuals −0.8, 0.6, 1, −0.6, −0.2: Σ(differences)² = 1.96 + 0.16 + 2.56 + 0.16 = 4.84 over 2.4. Their squares on x:
    // Sxy = −1.2, Syy = 0.5184, R² = 1.44/5.184, times 5.
    equal(digits(fit.checks.durbin_watson.statistic), digits(4.84 / 2.4));
    equal(digits(fit.checks.constant_variance.statistic), digits(5 * 1.44 / 5.184));
    // Leverage of the first day 1/5 + 4/10 = 0.6; Cook's distance 0.64/0.8 · 0.6/2 / 0.4² = 1.5, above 4/5.
    equal(fit.influential.map((one: Record<string, number>) => [one["period"], digits(one["cooks_distance"] ?? 0)]), [
      ["2025-12-01", 1.5],
    ]);
    match(
      fit.interpretation,
      /^Nothing here explains post_likes beyond chance \(R² = 0.600, F\(1, 3\) = 4.5, p = 0.12\)/,
    );
  },
  async "calculate: a regression takes an x some days earlier, and the trend"(t) {
    const posts = scattered(40);
    await daily(t, POSTS, "2025-11-01", posts);
    // On day i from 1: 3 + 2 × the posts of the day before + 0.5 × i, and a little noise that adds up to nothing.
    await daily(
      t,
      LIKES,
      "2025-11-01",
      posts.map((_, k) => 3 + 2 * (posts[k - 1] ?? 0) + 0.5 * (k + 1) + (k % 4 === 1 ? 0.1 : 0)),
    );
    const window = { start_date: "2025-11-01", end_date: "2025-12-10" };
    const answer = await regression(t, LIKES, [{ ...POSTS, lag: 1 }], { ...window, trend: true });
    const { coefficients, n, interpretation } = answer.regression;
    equal(n, 39);
    equal(coefficients.map((one: { term: string; value: number }) => [one.term, one.value.toFixed(1)]), [
      ["intercept", "3.0"],
      ["post_published, 1 day earlier", "2.0"],
      ["trend", "0.5"],
    ]);
    match(
      interpretation,
      /One more of post_published, 1 day earlier, goes with 2\S* more of post_likes, the others held/,
    );
    match(interpretation, /Each further day goes with 0\.\d+ more of post_likes/);
    match(answer.meta.warnings.join(), /1 day left out, in which y or an x is not known$/);
  },
  async "calculate: a regression tells the same series at several lags apart by their lags"(t) {
    const posts = scattered(40);
    await daily(t, POSTS, "2025-11-01", posts);
    const window = { start_date: "2025-11-01", end_date: "2025-12-10" };
    const { regression: fit } = await regression(t, POSTS, [{ ...POSTS, lag: 1 }, { ...POSTS, lag: 2 }], window);
    equal(fit.coefficients.map(({ term }: { term: string }) => term), [
      ...["intercept", "post_published, 1 day earlier", "post_published, 2 days earlier"],
    ]);
    equal([fit.n, fit.y.label, fit.x[1].label], [38, "post_published", "post_published"]);
  },
  async "calculate: a regression on what is made up of others names it, and an exact one says so"(t) {
    await daily(t, POSTS, "2025-12-01", [1, 2, 4, 4, 7]);
    await daily(t, LIKES, "2025-12-01", [12, 14, 18, 18, 24]);
    const twice = await regression(t, LIKES, [POSTS, { ...POSTS, label: "again" }], FIVE_DAYS);
    equal([twice.status, twice.regression], ["insufficient_data", null]);
    match(twice.reason, /^again is always the same, or made up of the terms before it/);
    const exact = await regression(t, LIKES, [POSTS], FIVE_DAYS); // likes = 10 + 2 posts
    equal([exact.regression.equation, exact.regression.f, exact.regression.residual_sd], [
      ...["post_likes = 10 + 2 × post_published", null, 0],
    ]);
    equal(exact.regression.interpretation, "The fit is exact: post_likes is computed from post_published.");
    equal(exact.regression.checks.normality, null);
  },
  async "calculate: a regression needs more days than coefficients, and a y that varies"(t) {
    await daily(t, POSTS, "2025-12-01", [1, 2, 4, 4, 7]);
    await daily(t, LIKES, "2025-12-01", [5, 5, 5, 5, 5]);
    const few = await regression(t, LIKES, [POSTS], { start_date: "2025-12-01", end_date: "2025-12-02" });
    equal(few.reason, "y and all x are known in 2 days, and 2 coefficients need at least 3");
    const flat = await regression(t, LIKES, [POSTS], FIVE_DAYS);
    equal(flat.reason, "post_likes is the same in all 5 days: there is nothing to explain");
  },
  async "calculate: series that both go by the days of the week say so, and their lags are told without it"(t) {
    // Each weekday's usual number, and a little that repeats in no week: 6 weeks from a Monday.
    const week = (usual: number[], extra: (i: number) => number) =>
      Array.from({ length: 42 }, (_, i) => (usual[i % 7] ?? 0) + extra(i));
    await daily(t, POSTS, "2025-11-03", week([10, 20, 30, 40, 50, 60, 70], (i) => (i * i) % 5));
    await daily(t, LIKES, "2025-11-03", week([70, 10, 20, 30, 40, 50, 60], (i) => (i * i * i) % 11));
    const window = { start_date: "2025-11-03", end_date: "2025-12-14" };
    const { correlation: { pairs: [pair] } } = await correlation(t, [POSTS, LIKES], window);
    match(pair.warnings.join("\n"), /post_published and post_likes both go by the days of the week, which alone makes/);
    // The values of LIKES are those of POSTS a day later: without the weekdays nothing of it is left.
    equal([pair.lag_scan.without_season, pair.lag_scan.best.leads], [7, null]);
    ok(!/strongest/.test(pair.interpretation));
  },
  async "calculate: a regression whose residuals hang together says that its p-values do not hold"(t) {
    // Two lines in time and slow waves of 20 days: straight regression of one on the other leaves the waves.
    const days = Array.from({ length: 60 }, (_, i) => i);
    await daily(t, POSTS, "2025-10-25", days.map((i) => 100 + i));
    await daily(t, LIKES, "2025-10-25", days.map((i) => 200 + 2 * i + Math.round(10 * Math.sin(i / 3.2))));
    const { regression: fit } = await regression(t, LIKES, [POSTS], { start_date: "2025-10-25" });
    ok(fit.checks.autocorrelation.p_value < 0.05);
    match(
      fit.interpretation,
      /But these p-values and intervals are not to be relied on, for residuals of neighbouring days hang together/,
    );
  },
  async "calculate: series of one value, of one reading, of zeros and of one spike are answered, of any size"(t) {
    const days = Array.from({ length: 40 }, (_, i) => i);
    const made: Record<string, number[]> = {
      constant: days.map(() => 7),
      zeros: days.map(() => 0),
      single: [5],
      tiny: days.map((i) => 1e-9 * (1 + (i * i) % 7)),
      huge: days.map((i) => 1e15 - (i * i) % 7),
      spike: days.map((i) => i === 20 ? 1e9 : 0),
    };
    const window = { start_date: "2025-11-14", end_date: "2025-12-23" };
    const refs = Object.keys(made).map((metric_name) => ({ ...POSTS, metric_name }));
    for (const ref of refs) await daily(t, ref, window.start_date, made[ref.metric_name] ?? []);
    const told: Record<string, unknown> = {};
    for (const ref of refs) {
      const body = { calculation_type: "anomaly_detection", series: ref, ...window };
      const answer = await t.json("POST", PATH, 200, { body });
      const z = await t.json("POST", PATH, 200, { body: { ...body, method: "z_score" } });
      told[ref.metric_name] = [
        answer.status,
        answer.anomaly_detection?.anomaly_count,
        z.anomaly_detection?.anomaly_count,
      ];
      for (const other of refs) {
        await correlation(t, [ref, other], window);
        await regression(t, ref, [other], window);
        const features = [ref, { ...other, label: "other" }];
        await t.json("POST", PATH, 200, {
          body: { calculation_type: "clustering", entity: "period", features, ...window },
        });
      }
    }
    // A flow is 0 on days without a reading: a single reading is one of 5 among 39 zeros. Among 40 values a lone one has
    // z = 39/√40 = 6.2.
    equal(told, {
      constant: ["ok", 0, 0],
      zeros: ["ok", 0, 0],
      single: ["ok", 1, 1],
      tiny: ["ok", 0, 0],
      huge: ["ok", 0, 0],
      spike: ["ok", 1, 1],
    });
  },
  async "calculate: a metric that nobody has is a 422 with the nearest name, and one without readings a reason"(t) {
    await daily(t, LIKES, "2025-12-01", [2, 4, 5, 4, 5]);
    const slip = { ...POSTS, metric_name: "post_publishd" };
    const first = await correlation(t, [LIKES, slip], FIVE_DAYS, 422);
    equal(first.errors[0].pointer, "/series/1/metric_name");
    match(first.errors[0].detail, /did you mean "post_published"\?/);
    equal((await regression(t, LIKES, [slip], {}, 422)).errors[0].pointer, "/x/0/metric_name");
    equal((await regression(t, slip, [LIKES], {}, 422)).errors[0].pointer, "/y/metric_name");
    const none = await correlation(t, [LIKES, POSTS], FIVE_DAYS);
    equal([none.status, none.correlation, none.reason], [
      ...["insufficient_data", null, "social_media records nothing of type social_post"],
    ]);
    const { status, reason } = await regression(t, LIKES, [POSTS]);
    equal([status, reason], ["insufficient_data", "social_media records nothing of type social_post"]);
  },
  async "calculate: a unit that nobody sends is answered with those there are, and a dimension with what it may be"(t) {
    await daily(t, LIKES, "2025-12-01", [2, 4, 5, 4, 5]); // in count
    const inPieces = { ...LIKES, metric_unit: "pieces" };
    const answer = await correlation(t, [inPieces, LIKES], FIVE_DAYS);
    equal([answer.status, answer.reason], [
      ...["insufficient_data", "No post_likes is recorded in pieces; there is count"],
    ]);
    equal((await regression(t, LIKES, [inPieces])).reason, answer.reason);
    const slip = await correlation(t, [LIKES, { ...LIKES, dimensions: { x: null } }], {}, 422);
    equal(slip.errors, [{
      pointer: "/series/1/dimensions/x",
      detail: "must be text of at most 255 characters, a number from -1e15 to 1e15, or a boolean",
    }]);
  },
  async "calculate: on nothing at all the answers are empty and say why"(t) {
    const answer = await correlation(t, [POSTS, LIKES]);
    equal([answer.status, answer.reason], ["insufficient_data", "social_media records nothing of type social_post"]);
    equal([answer.meta.period.start_date, answer.meta.period.end_date, answer.meta.data_through], [
      ...["2024-12-24", "2025-12-23", null], // the last 365 complete days
    ]);
  },
  async "calculate: an impossible question is a 422 that names the field and the legal range"(t) {
    const wrong: [object, string, RegExp][] = [
      [{ confidence_level: 0.3 }, "/confidence_level", /^must be from 0.5 to 0.99$/],
      [{ max_lag: 61 }, "/max_lag", /^must be a whole number from 0 to 60$/],
      [{ series: [POSTS] }, "/series", /2/],
      [{ interval: "hour" }, "/interval", /day/],
      [{ intervall: "day" }, "/intervall", /did you mean "interval"\?/],
      [{ calculation_type: "correlate" }, "/calculation_type", /^must be one of correlation, regression, anomaly/],
      [{ start_date: "2025-12-02", end_date: "2025-12-01" }, "/end_date", /^must not be before start_date$/],
      [{ start_date: "2010-01-01" }, "/start_date", /^must be less than 3660 days before end_date$/],
      [{ pairs: [[0, 1], [1, 1]] }, "/pairs/1", /^must name two different series$/],
      [{ pairs: [[0, 2]] }, "/pairs/0", /^must name places from 0 to 1$/],
      [{ timezone: "Mars/Base" }, "/timezone", /IANA/],
    ];
    for (const [more, pointer, detail] of wrong) {
      const { errors } = await correlation(t, [POSTS, LIKES], more, 422);
      equal(errors[0].pointer, pointer);
      match(errors[0].detail, detail);
    }
    equal((await regression(t, LIKES, [{ ...POSTS, lag: -1 }], {}, 422)).errors[0].pointer, "/x/0/lag");
  },
  async "calculate: it takes a token that may write, and leaves nothing behind for a cache"(t) {
    const body = { calculation_type: "correlation", series: [POSTS, LIKES] };
    await t.json("POST", PATH, 401, { body, as: anonymous });
    await t.json("POST", PATH, 403, { body, as: bearer(undefined, ["read"]) });
    const response = await t.request("POST", PATH, { body, as: bearer() });
    equal([response.status, response.headers.get("cache-control")], [200, "no-store"]);
  },
};
