import type { Needs } from "../services/context.ts";
import {
  accountDueJobs,
  claim,
  type ClaimedRun,
  LeaseLost,
  nextDelay,
  rescueExpired,
} from "../services/jobs/ledger.ts";
import type { Runs } from "../services/ports/runs.ts";
import { type Attempt, Stopping, work } from "./attempt.ts";
import { createHeart } from "./heart.ts";
import type { Registry } from "./registry.ts";

/** Runs the ledger's work in this process. */
export type Runner = Runs & {
  /** One whole pass: rescues, accounts, claims and executes until nothing is due. For tests and the CLI. */
  tick(): Promise<void>;
  /** Looks at the ledger from now on: whenever something is due, when woken, and every 15 seconds. */
  start(): void;
  /** Claims nothing more, aborts what is under way, and hands back what does not end within a few seconds. */
  stop(): Promise<void>;
  /** Seconds since the ledger was last looked at with success, by the process clock; null before. */
  secondsSinceLook(): number | null;
};

/** Runs at once that a look begins; those that a request waits for come on top. */
const PLACES = 4;
const POLL_MS = 15_000;
/** After a look that failed, so that a database which is away is not hammered. */
const BACK_OFF_MS = 1_000;

/**
 * A runner over the ledger. It keeps no truth of its own: many may run on one database, and any may vanish at any time.
 * Every wait goes through `ctx.clock`; what is due is decided by the database's clock alone.
 */
export function createRunner(ctx: Needs<"db" | "clock" | "ids" | "log" | "config">, registry: Registry): Runner {
  const worker = ctx.ids.uuid();
  const lease_s = ctx.config.LEASE_S;
  const underway = new Map<Attempt, Promise<void>>();
  const placed = new Set<Attempt>();
  const heart = createHeart(ctx, worker, underway);
  let stopping = false;
  let lookedAt: number | null = null;
  let claims: Promise<unknown> = Promise.resolve();
  let loop: Promise<void> | null = null;
  let alarm = new AbortController();

  const wake = () => alarm.abort();

  const begin = (run: ClaimedRun, at: "a place" | "once"): Promise<void> => {
    for (const { run: other, abort } of underway.keys()) {
      if (other.id === run.id) abort.abort(new LeaseLost(run.id)); // we fell silent, were rescued, and claimed it anew
    }
    const attempt: Attempt = {
      run,
      abort: new AbortController(),
      lines: [],
      logged: 0,
      fences: { begun: 0, ended: 0 },
    };
    if (stopping) attempt.abort.abort(new Stopping());
    if (at === "a place") placed.add(attempt);
    const end = work(ctx, attempt, registry[run.job_type]).finally(() => {
      underway.delete(attempt);
      placed.delete(attempt);
      heart.rest();
      wake();
    });
    underway.set(attempt, end);
    heart.beat();
    return end;
  };

  /** Brings the ledger up to date and begins what there is a place for. */
  const look = async (): Promise<{ seen: string; left: "all" | "more"; begun: number }> => {
    const seen = await rescueExpired(ctx, (jobType) => registry[jobType]?.failed);
    const left = await accountDueJobs(ctx);
    const limit = stopping ? 0 : PLACES - placed.size;
    const runs = limit > 0 ? await claim(ctx, worker, { lease_s, limit }) : [];
    for (const run of runs) begin(run, "a place");
    lookedAt = ctx.clock.monotonic();
    return { seen, left, begun: runs.length };
  };

  /** Looks take turns, so that no place is given twice. */
  const lookInTurn = (): ReturnType<typeof look> => {
    const turn = claims.then(look);
    claims = turn.catch(() => {});
    return turn;
  };

  const keepLooking = async () => {
    while (!stopping) {
      alarm = new AbortController();
      const delay = await lookAndPlan();
      if (!stopping) await ctx.clock.sleep(delay, alarm.signal);
    }
  };

  const lookAndPlan = async (): Promise<number> => {
    try {
      const { seen, left } = await lookInTurn();
      if (left === "more") return 0;
      const delay = await nextDelay(ctx.db, seen, worker) ?? POLL_MS;
      return Math.min(POLL_MS, Math.max(0, Math.ceil(delay)));
    } catch (cause) {
      ctx.log.error("the ledger could not be looked at", { cause });
      return BACK_OFF_MS;
    }
  };

  return {
    wake,
    async execute(runId) {
      if (stopping) return;
      const claimed = claim(ctx, worker, { lease_s, limit: 1, id: runId });
      claims = Promise.all([claims, claimed.catch(() => {})]);
      const [run] = await claimed;
      if (run !== undefined) await begin(run, "once");
    },
    async tick() {
      while (!stopping) {
        const { left, begun } = await lookInTurn();
        if (underway.size > 0) await Promise.race(underway.values());
        else if (begun === 0 && left === "all") return;
      }
    },
    start() {
      loop ??= keepLooking();
    },
    async stop() {
      stopping = true;
      wake();
      for (const { abort } of underway.keys()) abort.abort(new Stopping());
      await claims;
      await Promise.all(underway.values());
      await Promise.all([loop, heart.still()]);
    },
    secondsSinceLook: () => lookedAt === null ? null : (ctx.clock.monotonic() - lookedAt) / 1000,
  };
}
