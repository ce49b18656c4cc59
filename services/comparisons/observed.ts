import type { MetricKind } from "../metrics/schema.ts";
import type { Aggregation, ComparisonRequest, ComparisonType } from "./schema.ts";

/** Local days, both inclusive. */
export type Days = { start_date: string; end_date: string };

/** What was read of one member, before it is compared. */
export type Observed = {
  key: string;
  label: string;
  /** Of a service: the metric that stands for it. */
  metric_name: string | null;
  /** Of a period: its days that the window has. */
  window: Days | null;
  /** Days that are over, and those of the whole. */
  days: number;
  length_days: number;
  complete: boolean;
  /** Whether it may be ranked: a calendar period that is not over or cut may not. */
  comparable: boolean;
  n: number;
  value: number | null;
  /** The values of its complete intervals, in the order of time. */
  values: number[];
  /** Of a running calendar period: as many days of the one before, with which it can be compared. */
  before: (Days & { days: number; value: number | null }) | null;
};

/** What was read of the segments that are not compared one by one. */
export type Rest = {
  /** What each of them has. */
  values: (number | null)[];
  /** Their readings, and those that do not have the dimension, with what these have. */
  n: number;
  unnamed: number | null;
};

/** How members are compared. */
export type Terms = {
  comparison_type: ComparisonType;
  kind: MetricKind;
  aggregation: Aggregation;
  interval: ComparisonRequest["interval"];
  better: "higher" | "lower" | null;
  /** Whether members are of one metric: only then have they a total. */
  one_metric: boolean;
  /** Whether the periods were named one by one: only those may be of very different length. */
  named_periods: boolean;
};

/** Whether values of members add up to a total. */
export const isAdditive = ({ aggregation }: Pick<Terms, "aggregation">) =>
  aggregation === "sum" || aggregation === "count";
