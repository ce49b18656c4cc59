import { aggregate } from "./aggregates.ts";
import type { Bar } from "./bar.ts";
import { bulkCpu, bulkRate } from "./bulk.ts";
import { executivePage } from "./dashboard.ts";
import { getById, listOf50 } from "./reads.ts";
import { rollupCpu, rollupWal } from "./rollups.ts";
import { coldStart, embeddedAgain, embeddedFirst, embeddedMemory, idleMemory, peakMemory } from "./starts.ts";

/** Every bar, in the order in which they are measured and shown. */
export const BARS: Bar[] = [
  getById,
  listOf50,
  bulkRate,
  bulkCpu,
  rollupCpu,
  rollupWal,
  aggregate,
  executivePage,
  coldStart,
  idleMemory,
  peakMemory,
  embeddedFirst,
  embeddedAgain,
  embeddedMemory,
];
