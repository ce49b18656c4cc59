import type { Needs } from "../services/context.ts";
import { closeSyncs, syncServices } from "../services/data_sync/mod.ts";
import { configOf, DataSyncConfig } from "../services/jobs/config.ts";
import type { RunHandler } from "../services/ports/handlers.ts";
import type { Outbound } from "../services/ports/outbound.ts";

/** Pulls the metrics feeds of services. */
export const dataSync = (ctx: Needs<"db" | "ids" | "log" | "config" | "engine">, outbound: Outbound): RunHandler => ({
  run: (run) => syncServices(ctx, outbound, run, configOf(DataSyncConfig, run)),
  failed: (tx, run, error) => closeSyncs(tx, run.id, error),
});
