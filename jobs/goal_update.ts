import type { Needs } from "../services/context.ts";
import { forecastGoals } from "../services/goals/forecast/mod.ts";
import { feedGoals, updateGoals } from "../services/goals/mod.ts";
import { configOf, GoalFeedConfig, GoalUpdateConfig } from "../services/jobs/config.ts";
import type { RunHandler } from "../services/ports/handlers.ts";

/**
 * Computes goals anew, then how the active ones are likely to end. Each batch and each forecast commits by itself and
 * changes nothing when it comes again, so it needs no fence.
 */
export const goalUpdate = (ctx: Needs<"db" | "config" | "heavy" | "log">): RunHandler => ({
  async run(run) {
    const { signal } = run;
    const fed = GoalFeedConfig.safeParse(run.config);
    if (fed.success) {
      const { series } = fed.data;
      const outcome = await feedGoals(ctx, { run_id: run.id, series, signal });
      if ("skipped" in outcome) return outcome;
      return { result: { ...outcome.result, forecast: await forecastGoals(ctx, { series, signal }) } };
    }
    const { goal_ids } = configOf(GoalUpdateConfig, run);
    const selection = goal_ids === undefined ? { signal } : { goal_ids, signal };
    const updated = await updateGoals(ctx, selection);
    return { result: { ...updated, forecast: await forecastGoals(ctx, selection) } };
  },
});
