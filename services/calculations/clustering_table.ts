import { invalid } from "../errors.ts";
import { skewness } from "../math/mod.ts";
import { type ClusteringObjects, type FeatureValues, tooManyObjects } from "./clustering_objects.ts";
import { type ClusteringRequest, MOST_OBJECTS } from "./clustering_schema.ts";

/** Objects as rows of numbers, all of them known. */
export type ObjectTable = {
  /** The objects, in the order of their names. */
  names: string[];
  /** One row for each object, one number for each feature, in its unit. */
  rows: number[][];
  /** How each feature is brought onto a scale. */
  transforms: ("log" | "none")[];
  /** The rows after the transforms. */
  scaled: number[][];
  /** Objects of which a feature is not known. */
  left_out: number;
};

/** Above it, a feature has a tail that would make a group of its own. */
const LOPSIDED = 1;

/**
 * Puts the features of each object into a row.
 * @throws {DomainError} `invalid` for more than 5,000 objects, and for logarithms of values below 0
 */
export function objectTable({ features }: ClusteringObjects, { entity, transform }: ClusteringRequest): ObjectTable {
  const names = [...new Set(features.flatMap(({ values }) => [...values.keys()]))].sort();
  if (names.length > MOST_OBJECTS) throw tooManyObjects(entity);
  const known = names.flatMap((name) => {
    const row = features.map((feature) => valueOf(feature, name));
    return row.every((value) => value !== null) ? [{ name, row }] : [];
  });
  const rows = known.map(({ row }) => row);
  const transforms = features.map((_, i) => transformOf(transform, rows.map((row) => row[i] ?? 0), i));
  const scaled = rows.map((row) => row.map((value, i) => transforms[i] === "log" ? Math.log1p(value) : value));
  return { names: known.map(({ name }) => name), rows, transforms, scaled, left_out: names.length - known.length };
}

function valueOf({ values, adds_up }: FeatureValues, name: string): number | null {
  return values.get(name) ?? (adds_up ? 0 : null);
}

function transformOf(asked: ClusteringRequest["transform"], values: readonly number[], i: number): "log" | "none" {
  if (asked === "none") return "none";
  const negative = values.some((value) => value < 0);
  if (asked === "log") {
    if (negative) throw invalid("/transform", `must not be log: feature ${i + 1} has values below 0`);
    return "log";
  }
  const before = skewness(values) ?? 0;
  if (negative || before <= LOPSIDED) return "none";
  return Math.abs(skewness(values.map(Math.log1p)) ?? Infinity) < before ? "log" : "none";
}
