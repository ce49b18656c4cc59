import fc from "fast-check";
import type { App } from "../../support/app.ts";
import { prepareSim } from "./effects.ts";
import { histories } from "./histories.ts";
import { check } from "./play.ts";

/** A few histories in every run of the tests; `deno task chaos:sim` plays thousands. */
const SLICE = { embedded: { numRuns: 12, seed: 20_260_329 }, postgres: { numRuns: 28, seed: 20_261_025 } };

export const simCases: Record<string, (t: App) => Promise<void>> = {
  async "the invariants of the ledger hold through random histories of jobs, crashes, zombies and clocks"({ db, ctx }) {
    await prepareSim(db);
    const history = histories(16);
    await fc.assert(fc.asyncProperty(history, async (each) => void await check(db, each)), SLICE[ctx.engine]);
  },
};
