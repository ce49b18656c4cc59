import { predict } from "../advanced/predict.ts";
import type { Computations } from "../ports/heavy.ts";
import { renderReport } from "../reports/render.ts";

/** What may hold a core for long, by name: pure functions, all of them, whose inputs and outputs can be cloned. */
const COMPUTATIONS: {
  [Name in keyof Computations]: (input: Computations[Name]["input"]) => Computations[Name]["output"];
} = {
  predict,
  render_report: renderReport,
};

/** Computes here and now, on this thread. */
export function compute<Name extends keyof Computations>(
  name: Name,
  input: Computations[Name]["input"],
): Computations[Name]["output"] {
  return COMPUTATIONS[name](input);
}
