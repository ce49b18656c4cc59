import { warmForecasts } from "../services/advanced/mod.ts";
import type { Needs } from "../services/context.ts";
import { forecastGoals } from "../services/goals/forecast/mod.ts";
import { evaluateGoals, tellGoalEvent } from "../services/goals/mod.ts";
import { configOf, CustomRunConfig } from "../services/jobs/config.ts";
import type { RunHandler } from "../services/ports/handlers.ts";
import type { Outbound } from "../services/ports/outbound.ts";
import { cleanUpReports } from "../services/reports/cleanup.ts";
import { retain } from "../services/retention/mod.ts";
import { sendWebhook } from "../services/webhooks/mod.ts";
import { outcomeOf } from "./goal_update.ts";

/** What custom jobs can do, by `config.handler`. */
export const custom = (
  ctx: Needs<"db" | "clock" | "config" | "engine" | "heavy" | "log">,
  outbound: Outbound,
): RunHandler => ({
  async run(run) {
    const config = configOf(CustomRunConfig, run);
    switch (config.handler) {
      case "goal_evaluation":
        return outcomeOf(await evaluateGoals(ctx, run), await forecastGoals(ctx, run));
      case "goal_alert":
        return await tellGoalEvent(ctx, outbound, run, config);
      case "webhook":
        return { result: await sendWebhook(ctx, outbound, run, config) };
      case "retention":
        return await retain(ctx, run, config);
      case "report_cleanup":
        return await cleanUpReports(run, config);
      case "forecast_warmup":
        return await warmForecasts(ctx, run, config);
    }
  },
});
