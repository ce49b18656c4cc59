import { deepStrictEqual as equal, throws } from "node:assert/strict";
import { type FeatureValues } from "../../services/calculations/clustering_objects.ts";
import { ClusteringRequest } from "../../services/calculations/clustering_schema.ts";
import { objectTable } from "../../services/calculations/clustering_table.ts";
import { profileOf, structureOf } from "../../services/calculations/clustering_wording.ts";
import { groupObjects } from "../../services/calculations/grouping.ts";
import { DomainError } from "../../services/errors.ts";

const ref = { service_name: "partners_crm", metric_type: "donation" } as const;
const asked = ClusteringRequest.parse({ calculation_type: "clustering", entity: "partner_id", features: [ref] });
const meta = {
  period: { start_date: "2025-01-01", end_date: "2025-12-31", timezone: "UTC", complete: true },
  ...{ interval: "day" as const, periods: 365, left_out: 0, data_through: null, warnings: [] },
};

function feature(values: Iterable<[string, number]>, adds_up = true): FeatureValues {
  return {
    ref,
    metric_name: "donation_received",
    unit: "USD",
    aggregation: "sum",
    unrecorded: null,
    values: new Map(values),
    adds_up,
  };
}

Deno.test("more than 5,000 objects are refused with the limit, and 5,000 are not", () => {
  const members = (n: number) => feature(Array.from({ length: n }, (_, i) => [`p-${i}`, i]));
  equal(objectTable({ features: [members(5_000)], meta }, asked).names.length, 5_000);
  throws(
    () => objectTable({ features: [members(5_001)], meta }, asked),
    (error) =>
      error instanceof DomainError && error.errors[0]?.pointer === "/entity" &&
      /5000 values/.test(error.errors[0].detail),
  );
});

Deno.test("an object without a sum has 0 of it, one without a level is left out", () => {
  const table = objectTable(
    { features: [feature([["b", 2]]), feature([["a", 1], ["b", 3], ["c", 5]], false)], meta },
    asked,
  );
  equal([table.names, table.rows, table.left_out], [["a", "b", "c"], [[0, 1], [2, 3], [0, 5]], 0]);
  equal(objectTable({ features: [feature([["b", 2]], false), feature([["a", 1]])], meta }, asked).left_out, 1);
  equal(objectTable({ features: [], meta }, asked).names, []);
});

Deno.test("a profile names what is half a deviation or more from the mean, the most telling first", () => {
  const centre = [{ label: "gifts", mean: 1, z: 0.5 }, { label: "visits", mean: 1, z: -1.84 }, {
    label: "calls",
    mean: 1,
    z: 0.49,
  }];
  equal(profileOf(centre), "low visits (−1.8 sd), high gifts (+0.5 sd)");
  equal(
    profileOf([{ label: "calls", mean: 1, z: 0.49 }, { label: "same", mean: 1, z: null }]),
    "near the mean in every feature",
  );
});

Deno.test("structure is named by the bands of Kaufman and Rousseeuw", () => {
  equal([0.71, 0.7, 0.51, 0.5, 0.26, 0.25, -0.1, null].map(structureOf), [
    ...["strong", "reasonable", "reasonable", "weak", "weak", "none", "none", "none"],
  ]);
});

Deno.test("nothing is grouped where nothing differs", () => {
  equal(groupObjects({ rows: [[1, 2], [1, 2], [1, 2]], k: null, k_max: 8 }), null);
  equal(groupObjects({ rows: [], k: null, k_max: 8 }), null);
});
