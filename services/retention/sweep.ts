import { z } from "zod";
import type { Db } from "../../db/client.ts";
import type { Ctx } from "../context.ts";
import type { RunContext } from "../ports/handlers.ts";

/** What retention deletes, in the order in which it does. */
export const PARTS = ["runs", "one_off_runs", "events", "forecasts", "idempotency_keys", "metrics"] as const;
export type Part = typeof PARTS[number];

const Progress = z.object({ deleted: z.record(z.enum(PARTS), z.int()) });

/** Rows of a batch: one is a transaction, and the embedded database stands still during each. */
const ROWS = { postgres: 5_000, embedded: 500 } as const;

/** A batch that is done: how many rows it deleted, and whether there may be more. */
type Done = { deleted: number; more: boolean };

/** Deletes in batches, each a checkpoint with the counts so far: what an attempt before this one deleted counts too. */
export type Sweep = {
  readonly deleted: Readonly<Record<Part, number>>;
  /** One batch of at most `limit` rows, in the transaction that is given. */
  once<T extends Pick<Done, "deleted">>(part: Part, batch: (tx: Db, limit: number) => Promise<T>): Promise<T>;
  /** Batch after batch, until one says that there is no more. */
  all(part: Part, batch: (tx: Db, limit: number) => Promise<Done>): Promise<void>;
};

/** The sweep of one attempt. */
export function createSweep(run: RunContext, engine: Ctx["engine"]): Sweep {
  const before = Progress.safeParse(run.progress);
  const none = { runs: 0, one_off_runs: 0, events: 0, forecasts: 0, idempotency_keys: 0, metrics: 0 };
  const progress = { deleted: before.success ? before.data.deleted : none };
  const once: Sweep["once"] = (part, batch) => {
    const sum = progress.deleted[part];
    return run.checkpoint(async (tx) => {
      const done = await batch(tx, ROWS[engine]);
      progress.deleted[part] = sum + done.deleted; // stored after this, in the same transaction
      return done;
    }, progress);
  };
  return {
    deleted: progress.deleted,
    once,
    async all(part, batch) {
      while ((await once(part, batch)).more);
    },
  };
}
