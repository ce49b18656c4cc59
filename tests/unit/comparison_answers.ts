import { compared } from "../../services/comparisons/compared.ts";
import type { Observed, Rest, Terms } from "../../services/comparisons/observed.ts";
import type { Told } from "../../services/comparisons/telling.ts";

/** Sums of a flow by a dimension. */
export const TERMS: Terms = {
  ...{ comparison_type: "segment", kind: "flow", aggregation: "sum", interval: "day" },
  ...{ better: "higher", one_metric: true, named_periods: false },
};

/** An answer without its insights and meta, as reading would make it. */
export function answerOf(observed: readonly Observed[], rest: Rest | null, terms: Terms, unit: string | null): Told {
  const { comparison_type, kind, aggregation, interval } = terms;
  return {
    ...{ comparison_type, kind, aggregation, interval, unit, service_name: null, metric_type: "donation" },
    ...{ metric_name: terms.one_metric ? "gift" : null, dimensions: null },
    segment_by: comparison_type === "segment" ? "campaign" : null,
    ...compared(observed, rest, terms),
  };
}
