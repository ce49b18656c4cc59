import type { Replayed } from "./replay.ts";

/** How honest probabilities were. */
export type Reliability = {
  n: number;
  /** For each tenth of the scale: how many, what was said on average, and what came true. */
  bands: { n: number; said: number; came: number }[];
  /** Expected calibration error: the mean over goals of |said − came| of their band. */
  error: number;
  /** Mean squared difference between probability and outcome; 0.25 for always saying one half. */
  brier: number;
  linear_brier: number;
  linear_error: number;
  /** Shares of final values inside the fan's 50, 80 and 95 %. */
  coverage: [number, number, number];
};

/** Compares what was said with what came true. */
export function reliability(goals: readonly Replayed[]): Reliability {
  const mean = (of: (goal: Replayed) => number) => goals.reduce((sum, goal) => sum + of(goal), 0) / goals.length;
  const outcome = ({ reached }: Replayed) => reached ? 1 : 0;
  const bands = bandsOf(goals, (goal) => goal.probability);
  return {
    n: goals.length,
    bands,
    error: errorOf(bands, goals.length),
    brier: mean((goal) => (goal.probability - outcome(goal)) ** 2),
    linear_brier: mean((goal) => (goal.linear - outcome(goal)) ** 2),
    linear_error: errorOf(bandsOf(goals, (goal) => goal.linear), goals.length),
    coverage: [
      mean(({ inside }) => inside[0] ? 1 : 0),
      mean(({ inside }) => inside[1] ? 1 : 0),
      mean(({ inside }) => inside[2] ? 1 : 0),
    ],
  };
}

function bandsOf(goals: readonly Replayed[], said: (goal: Replayed) => number) {
  return Array.from({ length: 10 }, (_, band) => {
    const own = goals.filter((goal) => Math.min(9, Math.floor(said(goal) * 10)) === band);
    const mean = (of: (goal: Replayed) => number) =>
      own.length === 0 ? 0 : own.reduce((sum, goal) => sum + of(goal), 0) / own.length;
    return { n: own.length, said: mean(said), came: mean(({ reached }) => reached ? 1 : 0) };
  });
}

function errorOf(bands: Reliability["bands"], n: number): number {
  return bands.reduce((sum, band) => sum + (band.n / n) * Math.abs(band.said - band.came), 0);
}
