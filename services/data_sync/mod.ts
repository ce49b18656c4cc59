/** Metrics that are pulled from the feeds of the organisation's services: asked for, pulled by runs, watched, added up. */
export { closeSyncs, syncServices } from "./pull.ts";
export { getSync, listSyncs } from "./read.ts";
export { agreed, requestAllSyncs, requestSync } from "./request.ts";
export { syncStatistics } from "./statistics.ts";
export { currentSyncStatus } from "./status.ts";
