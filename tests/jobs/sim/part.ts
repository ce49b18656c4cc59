import fc from "fast-check";
import type { Db } from "../../../db/client.ts";
import type { History } from "./history.ts";
import { histories } from "./histories.ts";
import { check } from "./play.ts";

/** What one process of a simulation came to. */
export type Report = {
  seed: number;
  histories: number;
  events: number;
  runs: Record<string, number>;
  /** Null where every history went well. */
  failure: { path: string | null; after: number; message: string; history: History | undefined } | null;
};

/** Events or scenes of one history at most. */
const LENGTH = 20;
/** How long a history that failed is made smaller. */
const SHRINK_MS = 30_000;
const WHOLE_MS = 1_800_000;

/** Plays histories on a prepared database until one fails, and makes that one as small as it can in half a minute. */
export async function playMany(db: Db, { seed, runs, path }: { seed: number; runs: number; path: string | null }) {
  const report: Report = { seed, histories: 0, events: 0, runs: {}, failure: null };
  let failedAt: number | null = null;
  const property = fc.asyncProperty(histories(LENGTH), async (history) => {
    if (failedAt !== null && performance.now() - failedAt > SHRINK_MS) return;
    try {
      const { events, runs } = await check(db, history);
      if (failedAt !== null) return;
      report.histories++;
      report.events += events;
      for (const [state, n] of Object.entries(runs)) report.runs[state] = (report.runs[state] ?? 0) + n;
    } catch (error) {
      failedAt ??= performance.now();
      throw error;
    }
  });
  const replay = path === null ? {} : { path };
  const told = await fc.check(property, { seed, numRuns: runs, interruptAfterTimeLimit: WHOLE_MS, ...replay });
  if (!told.failed) return report;
  const message = told.errorInstance instanceof Error ? told.errorInstance.message : String(told.errorInstance);
  report.failure = { path: told.counterexamplePath, after: told.numRuns, message, history: told.counterexample?.[0] };
  return report;
}
