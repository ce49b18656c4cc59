import type { Needs } from "../services/context.ts";
import { DatabaseUnavailable } from "../services/errors.ts";
import { type Ending, finishTogether } from "../services/jobs/endings.ts";

/** Writes down how attempts ended. */
export type Finisher = {
  /** Resolves when it is committed; false when the run belonged to somebody else, and nothing was written. */
  end(ending: Ending): Promise<boolean>;
};

type Waiting = { ending: Ending; resolve: (ours: boolean) => void; reject: (error: unknown) => void };

/** Endings of one commit. */
const BATCH = 500;
/** What began together often ends together: so many microtasks later, in the same turn of the event loop. */
const SAME_TURN = 20;

/**
 * Commits ends in groups: what ends while one commit is under way waits for it and goes into the next, together. A commit
 * costs a write to the disk however much it holds, so a busy worker ends hundreds for the price of one, and an idle one
 * waits for nobody.
 */
export function createFinisher(ctx: Needs<"db">): Finisher {
  const waiting: Waiting[] = [];
  let busy = false;

  const commit = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      const ours = await finishTogether(ctx, batch.map(({ ending }) => ending));
      for (const { ending, resolve } of batch) resolve(ours.has(ending.id));
    } catch (error) {
      if (batch.length === 1 || error instanceof DatabaseUnavailable) {
        for (const { reject } of batch) reject(error);
        return;
      }
      for (const one of batch) await commit([one]); // one that cannot be written keeps no other from its end
    }
  };

  const drain = async () => {
    busy = true;
    for (let i = 0; i < SAME_TURN; i++) await null;
    while (waiting.length > 0) await commit(waiting.splice(0, BATCH));
    busy = false;
  };

  return {
    end(ending) {
      const { promise, resolve, reject } = Promise.withResolvers<boolean>();
      waiting.push({ ending, resolve, reject });
      if (!busy) drain();
      return promise;
    },
  };
}
