import type { Db } from "../db/client.ts";
import type { Needs } from "../services/context.ts";
import { endAsked } from "../services/jobs/endings.ts";
import { claim, type ClaimedRun, isOpen, LeaseLost, nextDelay } from "../services/jobs/ledger.ts";
import type { Runs } from "../services/ports/runs.ts";
import { type Attempt, Stopping, work } from "./attempt.ts";
import { createDeadlines } from "./deadlines.ts";
import { createFinisher } from "./finisher.ts";
import { createHeart } from "./heart.ts";
import { createLanes } from "./lanes.ts";
import { BUSY_MS, createLooks } from "./look.ts";
import type { Registry } from "./registry.ts";

/** Runs the ledger's work in this process. */
export type Runner = Runs & {
  /** One whole pass: rescues, accounts, claims and executes until nothing is due. For tests and the CLI. */
  tick(): Promise<void>;
  /** Looks at the ledger from now on: whenever something is due, when woken, and every 15 seconds. */
  start(): void;
  /** A run was asked to end, perhaps one of ours. */
  checkCancelled(): void;
  /** Claims nothing more, aborts what is under way, and hands back what does not end within a few seconds. */
  stop(): Promise<void>;
  /** Seconds since the ledger was last looked at with success, by the process clock; null before. */
  secondsSinceLook(): number | null;
};

const POLL_MS = 15_000;
/** After a look that failed, so that a database which is away is not hammered. */
const BACK_OFF_MS = 1_000;
/** Somebody else was at a job that is due: he accounts it, or has frozen with its row in his hands. */
const HELD_MS = 200;
/** A pass that is asked for by hand looks so often for what somebody else holds. */
const HELD_LOOKS = 100;
/** How often to look whether somebody else is done with a run. */
const OTHERS_MS = 50;

/** An explicit reason: the default one is an exception with a stack. */
const WOKEN = "woken";

/**
 * A runner over the ledger. It keeps no truth of its own: many may run on one database, and any may vanish at any time.
 * Every wait goes through `ctx.clock`; what is due is decided by the database's clock alone.
 * @param ctx `looks` is the database for accounts, claims and leases, where that differs from the one for ends
 */
export function createRunner(
  ctx: Needs<"db" | "clock" | "ids" | "log" | "config"> & { looks?: Db },
  registry: Registry,
): Runner {
  const looks = { ...ctx, db: ctx.looks ?? ctx.db };
  const worker = ctx.ids.uuid();
  const lease_s = ctx.config.LEASE_S;
  const underway = new Map<Attempt, Promise<void>>();
  const latest = new Map<string, Attempt>();
  const heart = createHeart(ctx, looks.db, worker, underway);
  const parts = { ...ctx, finisher: createFinisher(ctx), deadlines: createDeadlines(ctx.clock) };
  const failedOf = (jobType: ClaimedRun["job_type"]) => registry[jobType]?.failed;
  let stopping = false;
  let ends = 0;
  let turns: Promise<unknown> = Promise.resolve();
  let loop: Promise<void> | null = null;
  let alarm = new AbortController();

  const wake = () => {
    if (!alarm.signal.aborted) alarm.abort(WOKEN);
  };

  const begin = (run: ClaimedRun, leave: () => void): Promise<void> => {
    latest.get(run.id)?.abort.abort(new LeaseLost(run.id)); // we fell silent, were rescued, and claimed it anew
    const attempt: Attempt = {
      run,
      abort: new AbortController(),
      lines: [],
      logged: 0,
      fences: { begun: 0, ended: 0 },
    };
    if (stopping) attempt.abort.abort(new Stopping());
    const end = work(parts, attempt, registry[run.job_type]).finally(() => {
      underway.delete(attempt);
      if (latest.get(run.id) === attempt) latest.delete(run.id);
      ends++;
      leave();
      heart.rest();
      wake();
    });
    underway.set(attempt, end);
    latest.set(run.id, attempt);
    heart.beat();
    return end;
  };

  const { look, lookedAt } = createLooks(looks, {
    ...{ worker, failedOf, begin, stopping: () => stopping },
    lanes: createLanes(ctx.config.JOB_CONCURRENCY),
  });

  /** Looks take turns, so that no place is given twice. */
  const inTurn = <T>(what: () => Promise<T>): Promise<T> => {
    const turn = turns.then(what);
    turns = turn.catch(() => {});
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
      const { seen, left } = await inTurn(look);
      if (left === "more") return 0;
      if (seen === null) return BUSY_MS;
      const delay = await nextDelay(looks.db, seen, worker) ?? POLL_MS;
      return Math.min(left === "held" ? HELD_MS : POLL_MS, Math.max(0, Math.ceil(delay)));
    } catch (cause) {
      ctx.log.error("the ledger could not be looked at", { cause });
      return BACK_OFF_MS;
    }
  };

  return {
    wake,
    async execute(runId, patience) {
      if (stopping) return;
      const [run] = await inTurn(() => claim(looks, worker, lease_s, { id: runId }));
      if (run !== undefined) return await begin(run, () => {});
      if (patience === undefined) return;
      const attempt = latest.get(runId);
      const ours = attempt && underway.get(attempt);
      if (ours !== undefined) return await Promise.race([ours, ended(patience)]);
      while (!patience.aborted && await isOpen(ctx, runId)) await ctx.clock.sleep(OTHERS_MS, patience);
    },
    async cancel(runId) {
      await inTurn(() => endAsked(ctx, runId, failedOf));
      heart.hurry();
    },
    async tick() {
      for (let held = 0; !stopping;) {
        const before = ends;
        const { left, begun } = await inTurn(look);
        if (ends > before) continue; // during the look: it may have stood in the way of another
        if (underway.size > 0) await Promise.race(underway.values());
        else if (begun === 0 && (left === "all" || left === "held" && ++held === HELD_LOOKS)) return;
      }
    },
    start() {
      loop ??= keepLooking();
    },
    checkCancelled: () => heart.hurry(),
    async stop() {
      stopping = true;
      wake();
      for (const { abort } of underway.keys()) abort.abort(new Stopping());
      await turns;
      await Promise.all(underway.values());
      await Promise.all([loop, heart.still()]);
    },
    secondsSinceLook() {
      const at = lookedAt();
      return at === null ? null : (ctx.clock.monotonic() - at) / 1000;
    },
  };
}

function ended(patience: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (patience.aborted) resolve();
    patience.addEventListener("abort", () => resolve(), { once: true });
  });
}
