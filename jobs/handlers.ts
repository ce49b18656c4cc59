import type { Ctx } from "../services/context.ts";
import type { Outbound } from "../services/ports/outbound.ts";
import { reportHandler } from "../services/reports/generate.ts";
import { custom } from "./custom.ts";
import { dataSync } from "./data_sync.ts";
import { goalUpdate } from "./goal_update.ts";
import type { Registry } from "./registry.ts";

/** The handlers of this service, one for each type of job. `outbound` is their one way out. */
export function createRegistry(ctx: Omit<Ctx, "runs">, outbound: Outbound): Registry {
  return {
    data_sync: dataSync(ctx, outbound),
    report_generation: reportHandler(ctx),
    goal_update: goalUpdate(ctx),
    custom: custom(ctx, outbound),
  };
}
