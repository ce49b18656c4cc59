import type { Needs } from "../services/context.ts";
import { evaluateGoals } from "../services/goals/mod.ts";
import { configOf, CustomConfig } from "../services/jobs/config.ts";
import type { Handler, RunHandler } from "../services/ports/handlers.ts";

/** What custom jobs can do, by `config.handler`. */
export function custom(ctx: Needs<"db" | "config">): RunHandler {
  const handlers: Record<CustomConfig["handler"], Handler> = {
    goal_evaluation: async ({ signal }) => ({ result: await evaluateGoals(ctx, { signal }) }),
  };
  return { run: (run) => handlers[configOf(CustomConfig, run).handler](run) };
}
