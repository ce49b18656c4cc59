import type { Outcome, PredictInput } from "../advanced/predict.ts";
import type { ReportFacts } from "../reports/document.ts";
import type { RenderedReport } from "../reports/render.ts";

/** Computations that may hold a core for long: what goes in and what comes out, both fit to be cloned. */
export type Computations = {
  predict: { input: PredictInput; output: Outcome };
  render_report: { input: ReportFacts; output: RenderedReport };
};

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
