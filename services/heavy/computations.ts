import { backtestModels } from "../advanced/backtest_models.ts";
import { study } from "../advanced/study.ts";
import { correlatedPairs } from "../calculations/correlated_pair.ts";
import { groupObjects } from "../calculations/grouping.ts";
import { fitRegression } from "../calculations/regression_fit.ts";
import { goalOutlook } from "../goals/forecast/outlook.ts";
import type { Computations } from "../ports/heavy.ts";
import { renderReport } from "../reports/render.ts";

/** What may hold a core for long, by name: pure functions, all of them, whose inputs and outputs can be cloned. */
const COMPUTATIONS: {
  [Name in keyof Computations]: (input: Computations[Name]["input"]) => Computations[Name]["output"];
} = {
  cluster: groupObjects,
  correlate: correlatedPairs,
  regress: fitRegression,
  goal_outlook: goalOutlook,
  backtest: backtestModels,
  study,
  render_report: renderReport,
};

/** Computes here and now, on this thread. */
export function compute<Name extends keyof Computations>(
  name: Name,
  input: Computations[Name]["input"],
): Computations[Name]["output"] {
  return COMPUTATIONS[name](input);
}
