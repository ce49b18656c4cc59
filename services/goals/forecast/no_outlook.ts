import type { Outlook } from "../forecast_schema.ts";

/** An outlook without a probability, and the sentence that says why. */
export function noOutlook({ status, reason }: { status: Outlook["status"]; reason: string }): Outlook {
  return {
    ...{ status, reason, current_value: 0, probability: null, forecast_value: null, linear_projection: null },
    ...{ projected_completion_date: null, daily_required: null, daily_forecast: null },
    recommended_action: { code: "none", text: "There is no probability to act on." },
    ...{ fan: [], model: null, n_history: 0, paths: 0, warnings: [], data_through: null },
  };
}
