import type { Needs } from "../services/context.ts";
import { closeSyncs, syncServices } from "../services/data_sync/mod.ts";
import { configOf, DataSyncConfig } from "../services/jobs/config.ts";
import type { Fetch } from "../services/ports/fetch.ts";
import type { RunHandler } from "../services/ports/handlers.ts";

/** Pulls the metrics feeds of services. */
export const dataSync = (
  ctx: Needs<"db" | "clock" | "ids" | "log" | "config" | "engine">,
  fetch: Fetch,
): RunHandler => ({
  run: (run) => syncServices(ctx, fetch, run, configOf(DataSyncConfig, run)),
  failed: (tx, run, error) => closeSyncs(tx, run.id, error.message),
});
