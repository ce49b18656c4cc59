import type { Needs } from "../services/context.ts";
import { forecastGoals, type GoalsForecast } from "../services/goals/forecast/mod.ts";
import { feedGoals, type GoalsUpdated, updateGoals } from "../services/goals/mod.ts";
import { configOf, GoalFeedConfig, GoalUpdateConfig } from "../services/jobs/config.ts";
import { type HandlerOutcome, RunFailure, type RunHandler } from "../services/ports/handlers.ts";

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
      return outcomeOf(outcome.result, await forecastGoals(ctx, { series, signal }));
    }
    const { goal_ids } = configOf(GoalUpdateConfig, run);
    const selection = goal_ids === undefined ? { signal } : { goal_ids, signal };
    return outcomeOf(await updateGoals(ctx, selection), await forecastGoals(ctx, selection));
  },
});

/**
 * How an attempt ends that has stored what it could: it fails where goals could not be computed or stored, so that they
 * are tried again, and others have not waited for them.
 * @throws {RunFailure} `goals_failed`
 */
export function outcomeOf(updated: GoalsUpdated, forecast: GoalsForecast): HandlerOutcome {
  const errors = updated.errors + forecast.errors;
  const result = { ...updated, forecast: forecast.stored, errors };
  if (errors === 0) return { result };
  const message =
    `Goals that could not be updated: ${updated.errors}, or forecast: ${forecast.errors}; the log says why`;
  throw new RunFailure("goals_failed", message, { retry: "again", detail: result });
}
