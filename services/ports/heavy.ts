import type { BacktestInput, BacktestScores } from "../advanced/backtest_models.ts";
import type { Study, StudyInput } from "../advanced/study.ts";
import type { PairsInput } from "../calculations/correlated_pair.ts";
import type { CorrelatedPair } from "../calculations/correlation_schema.ts";
import type { Grouping, GroupingInput } from "../calculations/grouping.ts";
import type { FitInput, FittedRegression } from "../calculations/regression_fit.ts";
import type { Outlook } from "../goals/forecast_schema.ts";
import type { OutlookInput } from "../goals/forecast/input.ts";
import type { ReportFacts } from "../reports/document.ts";
import type { RenderedReport } from "../reports/render.ts";

/** Computations that may hold a core for long: what goes in and what comes out, both fit to be cloned. */
export type Computations = {
  cluster: { input: GroupingInput; output: Grouping | null };
  correlate: { input: PairsInput; output: CorrelatedPair[] };
  regress: { input: FitInput; output: FittedRegression };
  goal_outlook: { input: OutlookInput; output: Outlook };
  backtest: { input: BacktestInput; output: BacktestScores };
  study: { input: StudyInput; output: Study | null };
  render_report: { input: ReportFacts; output: RenderedReport };
};

/** A computation threw, or broke down what computed it: its input is to blame, as far as anybody can tell. */
export class ComputationFailed extends Error {
  override name = "ComputationFailed";
}

/** Computes beside the event loop, so that requests and heartbeats go on meanwhile. */
export interface Heavy {
  /**
   * One computation after the other, in the order asked.
   * @param signal gives the computation up: its result is not waited for any more
   * @throws what the computation throws, the signal's reason, or an error that says that the computing itself broke down
   */
  compute<Name extends keyof Computations>(
    name: Name,
    input: Computations[Name]["input"],
    signal?: AbortSignal,
  ): Promise<Computations[Name]["output"]>;
}
