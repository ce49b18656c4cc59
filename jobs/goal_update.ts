import type { Needs } from "../services/context.ts";
import { updateGoals } from "../services/goals/mod.ts";
import { configOf, GoalUpdateConfig } from "../services/jobs/config.ts";
import type { RunHandler } from "../services/ports/handlers.ts";

/** Computes goals anew. Each batch commits by itself and changes nothing when it comes again, so it needs no fence. */
export const goalUpdate = (ctx: Needs<"db" | "config">): RunHandler => ({
  async run(run) {
    const { goal_ids } = configOf(GoalUpdateConfig, run);
    const { signal } = run;
    return { result: await updateGoals(ctx, goal_ids === undefined ? { signal } : { goal_ids, signal }) };
  },
});
