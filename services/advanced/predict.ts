import {
  type InsufficientHistory,
  linearFit,
  linearPredictions,
  type Prediction,
  predictLinearTrend,
  type TrendQuestion,
} from "../math/mod.ts";
import type { History } from "./history.ts";
import type { PredictionResponse } from "./schema.ts";

/** What a history says about the days to come, or why it says nothing. */
export type Outcome =
  & Pick<PredictionResponse, "status" | "reason" | "trend" | "slope_per_day" | "model_accuracy" | "backtest">
  & { points: Prediction[] };

/** Days with a reading that a level or a sample needs: what is filled in between adds nothing to know. */
const NEEDED_READINGS = 14;
const LONGEST_SILENCE_DAYS = 365;

/** What a prediction is made from; `name` is what the reasons call it. */
export type PredictInput = {
  history: History;
  question: Pick<TrendQuestion, "horizon" | "level">;
  name: string;
};

/** Carries the line through a history on, over the silent days after it, to the days asked. */
export function predict({ history, question: { horizon, level }, name }: PredictInput): Outcome {
  const { values, silent_days } = history;
  const lacking = lack(history, name);
  if (lacking !== null) return nothing(lacking);
  const question = { horizon, level, non_negative: values.every((value) => value >= 0) };
  const found = predictLinearTrend({ values, ...question });
  if (found.status === "insufficient_history") return nothing(explain(found, name));
  const points = silent_days === 0 ? found.points : carried(values, question, silent_days);
  if (points.length < horizon) return nothing(explain({ reason: "out_of_range", needed: 0, n: values.length }, name));
  const { trend, slope_per_step, backtest } = found;
  const wape = backtest?.wape ?? null;
  return {
    ...{ status: "ok", reason: null, trend, slope_per_day: slope_per_step, backtest },
    model_accuracy: wape === null ? null : Math.max(0, 1 - wape),
    points,
  };
}

/** The same line, at the days after the silent ones. */
function carried(values: readonly number[], { horizon, level, non_negative }: TrendQuestion, silent: number) {
  const fit = linearFit(values.map((_, day) => day), values);
  const days = Array.from({ length: horizon }, (_, i) => values.length + silent + i);
  const floor = non_negative ? 0 : -Infinity;
  const ahead = fit === null ? null : linearPredictions(fit, days, level);
  return (ahead ?? []).map(({ mean, lower, upper }) => ({
    ...{ mean: Math.max(floor, mean), lower: Math.max(floor, lower), upper: Math.max(floor, upper) },
  }));
}

/** What a history lacks before anything can be fitted to it. */
function lack({ kind, values, readings, silent_days }: History, name: string): string | null {
  if (silent_days > LONGEST_SILENCE_DAYS) return `The last reading of ${name} is over ${LONGEST_SILENCE_DAYS} days old`;
  if (kind !== "flow" && readings < NEEDED_READINGS) {
    return `${NEEDED_READINGS} days with a reading are needed, and ${name} has ${readings}`;
  }
  if (kind === "sample" && readings * 2 < values.length) {
    return `Only ${readings} of the ${values.length} days since the first reading of ${name} have one`;
  }
  return null;
}

function explain({ reason, needed, n }: Omit<InsufficientHistory, "status">, name: string): string {
  switch (reason) {
    case "too_few_values":
      return `${needed} complete days of history are needed, and ${name} has ${n}`;
    case "not_finite":
    case "out_of_range":
      return `The values of ${name} are too large or too close together for a line through them`;
  }
}

/** No prediction, and the sentence that says why. */
export function nothing(reason: string): Outcome {
  const none = { trend: null, slope_per_day: null, model_accuracy: null, backtest: null };
  return { status: "insufficient_history", reason, ...none, points: [] };
}
