import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { anonymous, type App } from "../../support/app.ts";
import { gift, send } from "../../support/gifts.ts";

const PATH = "/api/v1/advanced/calculate";
const GIFTS = { service_name: "partners_crm", metric_type: "donation", metric_name: "donation_received" };
const ASK = { calculation_type: "clustering", entity: "partner_id", features: [GIFTS] };

const ask = (t: App, more: Record<string, unknown> = {}, status = 200) =>
  t.json("POST", PATH, status, { body: { ...ASK, ...more } });

const from = (partner_id: string | number, metric_value: number) => gift({ metric_value, dimensions: { partner_id } });

const near = (actual: number, byHand: number) => ok(Math.abs(actual - byHand) < 1e-9, `${actual} is not ${byHand}`);

/** Two who give little and two who give much; one of each in two gifts. */
const FOUR = [from("p-1", 4), from("p-1", 6), from("p-2", 12), from("p-3", 100), from("p-4", 51), from("p-4", 51)];

/** `clustering` of POST /advanced/calculate. Today is 24 December 2025. */
export const clusteringCases: Record<string, (t: App) => Promise<void>> = {
  async "clustering puts together who gives alike"(t) {
    await send(t, FOUR); // 10, 12, 100, 102: mean 56, Σ of squares 46² + 44² + 44² + 46² = 8104, variance 2026
    const { status, reason, clustering, regression, meta } = await ask(t, { transform: "none" });
    equal([status, reason, regression, meta.warnings], ["ok", null, null, []]);
    equal([clustering.objects, clustering.left_out, clustering.k, clustering.k_chosen_by], [4, 0, 2, "silhouette"]);
    const [feature] = clustering.features;
    equal([feature.label, feature.aggregation, feature.transform, feature.unit, feature.used, feature.mean], [
      ...["donation_received (sum)", "sum", "none", "USD", true, 56],
    ]);
    const sd = Math.sqrt(2026);
    near(feature.stddev, sd);
    const [small, large] = clustering.clusters;
    equal([small.cluster, small.size, small.share, small.members], [1, 2, 0.5, ["p-1", "p-2"]]);
    equal([large.cluster, large.size, large.share, large.members], [2, 2, 0.5, ["p-3", "p-4"]]);
    equal([small.centre[0].mean, large.centre[0].mean], [11, 101]);
    near(small.centre[0].z, -45 / sd);
    equal(small.profile, "low donation_received (sum) (−1.0 sd)");
    near(clustering.total_within_ss, 4 / 2026); // each 1 from its centre
    // p-1: a = 2, b = (90 + 92)/2 = 91; p-2: a = 2, b = (88 + 90)/2 = 89; the other two mirror them.
    near(clustering.silhouette, (89 / 91 + 87 / 89) / 2);
    near(small.silhouette, (89 / 91 + 87 / 89) / 2);
    equal([clustering.structure, clustering.silhouette_objects], ["strong", 4]);
    equal(clustering.tried.map(({ k }: { k: number }) => k), [2, 3]); // fewer than there are partners
    equal(
      clustering.interpretation,
      [
        "4 values of partner_id in 2 clusters of 2 and 2. A strong structure (mean silhouette 0.98).",
      ][0],
    );
  },
  async "clustering looks at each feature as it was asked to be added up"(t) {
    await send(t, [...FOUR, gift({ metric_value: 7, dimensions: {} })]);
    const features = ["sum", "count", "avg", "last"].map((aggregation) => ({ ...GIFTS, aggregation }));
    const { clustering, meta } = await ask(t, { transform: "none", k: 2, features });
    // Counts 2, 1, 1, 2; averages 5, 12, 100, 51
    equal(clustering.features.map(({ mean }: { mean: number }) => mean).slice(0, 3), [56, 1.5, 42]);
    equal(clustering.features.map(({ unit }: { unit: string }) => unit), ["USD", null, "USD", "USD"]);
    equal(clustering.k_chosen_by, "request");
    ok(meta.warnings.includes("donation_received: readings without partner_id are left out"));
  },
  async "clustering takes logarithms of what has a long tail, unless it is told otherwise"(t) {
    const amounts = [10, 11, 12, 13, 14, 100, 110, 10_000];
    await send(t, amounts.map((amount, i) => from(`p-${i}`, amount)));
    const auto = await ask(t, { k: 3 });
    equal(auto.clustering.features[0].transform, "log");
    equal(auto.clustering.clusters.map(({ size }: { size: number }) => size), [5, 2, 1]);
    equal(auto.clustering.clusters[2].centre[0].mean, 10_000); // in USD all the same
    equal((await ask(t, { k: 3, transform: "none" })).clustering.features[0].transform, "none");
    await send(t, [from("p-0", -50)]);
    const refused = await ask(t, { transform: "log" }, 422);
    equal(refused.errors, [{ pointer: "/transform", detail: "must not be log: feature 1 has values below 0" }]);
    equal((await ask(t, { k: 3 })).clustering.features[0].transform, "none");
  },
  async "clustering takes who has no reading of a sum as 0, and leaves out who has no level"(t) {
    const level = (platform: string, metric_value: number) => ({
      ...{ service_name: "social_media", metric_type: "engagement", metric_name: "followers", metric_unit: "count" },
      ...{ timestamp: "2025-12-10T00:00:00Z", metric_value, dimensions: { platform } },
    });
    const likes = (platform: string, metric_value: number) => ({
      ...level(platform, metric_value),
      metric_name: "post_likes",
    });
    await send(t, [level("x", 10), level("linkedin", 20), level("facebook", 900), level("facebook", 1000)]);
    await send(t, [likes("x", 1), likes("facebook", 9), likes("instagram", 5)]);
    const features = ["followers", "post_likes"].map((metric_name) => ({
      ...{ service_name: "social_media", metric_type: "engagement", metric_name },
    }));
    const { clustering, meta } = await ask(t, { entity: "platform", features, transform: "none" });
    // linkedin has 0 likes; instagram's followers are not known. Levels 10, 20, 1000; likes 1, 0, 9.
    equal([clustering.objects, clustering.left_out], [3, 1]);
    equal(clustering.features.map(({ label }: { label: string }) => label), ["followers (last)", "post_likes (sum)"]);
    equal(clustering.clusters.map(({ members }: { members: string[] }) => members), [["linkedin", "x"], ["facebook"]]);
    equal(clustering.clusters[0].centre.map(({ mean }: { mean: number }) => mean), [15, 0.5]);
    ok(meta.warnings.includes("1 is left out, for a feature of it is not known"));
  },
  async "clustering groups the periods of a window"(t) {
    const first = Date.parse("2025-11-24"); // a Monday: four weeks, the last to 21 December
    const rows = Array.from({ length: 28 }, (_, day) => {
      const metric_value = day % 7 > 4 ? 100 + day % 5 : 10 + 3 * day % 7;
      return gift({ timestamp: new Date(first + 86_400_000 * day).toISOString(), metric_value });
    });
    await send(t, rows);
    const window = { start_date: "2025-11-24", end_date: "2025-12-21" };
    const { clustering, meta } = await ask(t, { entity: "period", ...window, max_members: 2 });
    equal([clustering.objects, clustering.k, meta.periods], [28, 2, 28]);
    equal(clustering.clusters.map(({ size }: { size: number }) => size), [20, 8]); // weekdays and weekends
    equal(clustering.clusters[1].members.length, 2);
    match(clustering.interpretation, /^28 days in 2 clusters of 20 and 8\. A strong structure/);
    const wrong = await ask(t, { entity: "period", features: [{ ...GIFTS, aggregation: "avg" }] }, 422);
    equal(wrong.errors[0].pointer, "/features/0/aggregation");
  },
  async "clustering leaves out what is the same for all, and says so when nothing differs"(t) {
    await send(t, FOUR.map((row) => ({ ...row, metric_value: 5 })).slice(1, 5)); // four gifts of 5, one each
    const same = await ask(t);
    equal([same.status, same.clustering], ["insufficient_data", null]);
    equal(same.reason, "All objects have the same values: there is nothing to tell them apart by");
    await send(t, [from("p-1", 90)]);
    const features = [{ ...GIFTS, aggregation: "sum" }, { ...GIFTS, aggregation: "last" }];
    const { clustering, meta } = await ask(t, {
      features: [...features, { ...GIFTS, aggregation: "count", dimensions: { partner_id: "x" } }],
    });
    equal(clustering.features[2].used, false);
    equal(clustering.clusters[0].centre[2], { label: "donation_received (count)", mean: 0, z: null });
    ok(meta.warnings.includes("donation_received (count) is the same for all and left out"));
  },
  async "clustering of many is the same again, with the members nearest to the centre first"(t) {
    const rows = Array.from({ length: 310 }, (_, i) => from(i, 1_000 * (i % 3 + 1) + i * 13 % 17));
    await send(t, rows);
    const body = { transform: "none", max_members: 5 };
    const { clustering } = await ask(t, body);
    equal([clustering.objects, clustering.k], [310, 3]);
    equal(clustering.clusters.map(({ size }: { size: number }) => size), [104, 103, 103]);
    ok(clustering.clusters.every(({ members }: { members: string[] }) => members.length === 5));
    ok(clustering.clusters[0].members.every((member: string) => Number(member) % 3 === 0));
    equal((await ask(t, body)).clustering, clustering);
  },
  async "clustering without enough objects is insufficient data"(t) {
    const empty = await ask(t);
    equal([empty.status, empty.clustering], ["insufficient_data", null]);
    equal(empty.reason, "partners_crm records nothing of type donation");
    await send(t, FOUR.slice(0, 3));
    const few = await ask(t);
    equal(few.reason, "It takes 3 values of partner_id, and there are 2 in this window");
    await send(t, FOUR.slice(3));
    equal(
      (await ask(t, { k: 4 })).reason,
      "It takes 5 values of partner_id for 4 clusters, and there are 4 in this window",
    );
    equal(
      (await ask(t, { entity: "planet" })).reason,
      "It takes 3 values of planet, and there are none in this window",
    );
  },
  async "clustering refuses bad questions"(t) {
    await send(t, FOUR);
    for (const k of [1, 11, 2.5]) {
      equal((await ask(t, { k }, 422)).errors, [{ pointer: "/k", detail: "must be a whole number from 2 to 10" }]);
    }
    const slip = await ask(t, { features: [{ ...GIFTS, metric_name: "donation_recieved" }] }, 422);
    equal(slip.errors[0].pointer, "/features/0/metric_name");
    match(slip.errors[0].detail, /did you mean "donation_received"\?/);
    equal((await ask(t, { features: [] }, 422)).errors[0].pointer, "/features");
    equal((await ask(t, { features: Array(9).fill(GIFTS) }, 422)).errors[0].pointer, "/features");
    match((await ask(t, { entitys: "x" }, 422)).errors[0].detail, /did you mean "entity"\?/);
    await send(t, [{
      ...{ service_name: "notification", metric_type: "notification", metric_name: "delivery_latency_ms" },
      ...{ metric_value: 5, timestamp: "2025-12-10T00:00:00Z", dimensions: { channel: "email" } },
    }]);
    const latency = { service_name: "notification", metric_type: "notification", metric_name: "delivery_latency_ms" };
    const added = await ask(t, { entity: "channel", features: [{ ...latency, aggregation: "sum" }] }, 422);
    equal(added.errors[0], {
      ...{ pointer: "/features/0/aggregation", detail: "must be avg, count or last: samples do not add up" },
    });
    const followers = { service_name: "social_media", metric_type: "engagement", metric_name: "followers" };
    await send(t, [{
      ...{ ...followers, metric_value: 5, timestamp: "2025-12-10T00:00:00Z", dimensions: { platform: "mastodon" } },
    }]);
    const levels = await ask(t, { entity: "platform", features: [{ ...followers, aggregation: "sum" }] }, 422);
    equal(levels.errors[0], {
      ...{ pointer: "/features/0/aggregation", detail: "must be avg, count or last: levels do not add up" },
    });
    await t.json("POST", PATH, 401, { body: ASK, as: anonymous });
  },
};
