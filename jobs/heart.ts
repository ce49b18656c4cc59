import type { Db } from "../db/client.ts";
import type { Needs } from "../services/context.ts";
import { fenced, LeaseLost, renewLeases } from "../services/jobs/ledger.ts";
import { type Attempt, Cancelled, storingLines } from "./attempt.ts";

/** Renews the leases of what is under way, and beats only while something is. */
export type Heart = {
  /** Something began. */
  beat(): void;
  /** Something ended. */
  rest(): void;
  /** Beats now, for a run may have been asked to end. */
  hurry(): void;
  /** Resolves when no beat is under way any more. */
  still(): Promise<void>;
};

/**
 * Every third of the lease: renews, aborts attempts whose run is no longer theirs or was asked to end, and
 * stores waiting log lines.
 * While the database is away nothing can be renewed: when a lease must have run out, its attempt is aborted as well.
 */
export function createHeart(
  ctx: Needs<"db" | "clock" | "log" | "config">,
  leaseDb: Db,
  worker: string,
  underway: ReadonlyMap<Attempt, unknown>,
): Heart {
  const lease_ms = ctx.config.LEASE_S * 1000;
  let pause: AbortController | null = null;
  let early = new AbortController();
  let beating: Promise<void> = Promise.resolve();

  const beats = async (end: AbortSignal) => {
    let renewedAt = ctx.clock.monotonic();
    while (!end.aborted) {
      await ctx.clock.sleep(lease_ms / 3, AbortSignal.any([end, early.signal]));
      if (end.aborted) return;
      early = new AbortController(); // before the renewal, so that whoever hurries during it is heard after it
      const before = ctx.clock.monotonic();
      try {
        await renew();
        renewedAt = before;
      } catch (cause) {
        ctx.log.error("leases could not be renewed", { cause });
        if (ctx.clock.monotonic() - renewedAt <= lease_ms) continue;
        for (const { run, abort } of underway.keys()) abort.abort(new LeaseLost(run.id));
      }
    }
  };

  const renew = async () => {
    const attempts = [...underway.keys()].map((attempt) => ({ attempt, begun: attempt.fences.begun }));
    const ids = attempts.map(({ attempt }) => attempt.run.id);
    const owned = await renewLeases(leaseDb, worker, ids, ctx.config.LEASE_S);
    const leases = new Map(owned.map((lease) => [lease.id, lease]));
    for (const { attempt, begun } of attempts) {
      const { run, abort, fences, lines } = attempt;
      const lease = leases.get(run.id);
      const ours = lease?.attempt === run.attempt;
      // A row that one of our own transactions held at any moment of the renewal says nothing.
      const visible = fences.ended === begun && fences.begun === begun;
      if (!ours && visible && underway.has(attempt)) abort.abort(new LeaseLost(run.id));
      if (ours && lease.cancelled) abort.abort(new Cancelled());
      if (!ours || !visible || lines.length === 0) continue;
      await storingLines(ctx, attempt, (waiting) => fenced(ctx, run, waiting, () => Promise.resolve())).catch(
        (error) => {
          if (!(error instanceof LeaseLost)) throw error;
        },
      );
    }
  };

  return {
    beat() {
      if (pause !== null) return;
      pause = new AbortController();
      beating = Promise.all([beating, beats(pause.signal)]).then(() => {});
    },
    rest() {
      if (underway.size > 0) return;
      pause?.abort();
      pause = null;
    },
    hurry: () => early.abort("hurry"),
    still: () => beating,
  };
}
