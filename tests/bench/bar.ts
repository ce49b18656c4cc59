import type { Stage } from "./stage.ts";

/** What a bar came to: one value for each round, and how to show the two sides that it compares. */
export type Measured = { yardstick: string; ours: string; values: number[] };

/** What a value must reach: at least (`higher`) or at most (`lower`) these. */
export type Thresholds = { better: "higher" | "lower"; to_ship: number; goal: number };

/** One line of the table. Without thresholds it informs only. */
export type Bar = {
  name: string;
  /** What the value is in; a ratio has none. */
  unit: "" | "ms" | "s" | "MiB";
  thresholds: Thresholds | null;
  run(stage: Stage): Promise<Measured>;
};

export const atLeast = (to_ship: number, goal: number): Thresholds => ({ better: "higher", to_ship, goal });
export const atMost = (to_ship: number, goal: number): Thresholds => ({ better: "lower", to_ship, goal });

/** Several bars that come from one measurement: it is taken when the first of them asks. */
export function shared<T>(measure: (stage: Stage) => Promise<T>): (stage: Stage) => Promise<T> {
  let taken: Promise<T> | undefined;
  return (stage) => taken ??= measure(stage);
}

/** What a value is worth against its thresholds. */
export function verdict(value: number, thresholds: Thresholds | null): "goal" | "ships" | "SHORT" | "" {
  if (thresholds === null) return "";
  const { better, to_ship, goal } = thresholds;
  const reaches = (limit: number) => better === "higher" ? value >= limit : value <= limit;
  return reaches(goal) ? "goal" : reaches(to_ship) ? "ships" : "SHORT";
}

/** The middle of the values, which a noisy neighbour cannot pull. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}
