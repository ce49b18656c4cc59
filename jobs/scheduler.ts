import type { Needs } from "../services/context.ts";
import { reconcile, type Registration, wantedWakeups } from "../services/jobs/wakeups.ts";

/**
 * Asks `Deno.cron` for a wake-up every minute. Call it at the top level of the main module, before serving: Deno Deploy
 * finds registrations nowhere else. Without `Deno.cron` the runner's own timers do the work.
 */
export function wakeEveryMinute(wake: () => void): void {
  denoCron()?.("scheduler-tick", "* * * * *", { backoffSchedule: [] }, quietly(wake))
    .catch(() => {}); // it settles when the process ends
}

/** What wake-ups do to a runner. */
type Woken = { wake(): void; checkCancelled(): void };

/**
 * Passes on what the database notifies, whichever instance wrote it, and keeps the wake-ups of single jobs in step with
 * their table.
 * @returns resolves when the signal has ended it
 */
export function followLedger(
  ctx: Needs<"db" | "clock" | "log" | "config"> & { runs: Woken },
  listen: (channel: "ledger", heard: (what: string) => void) => void,
  end: AbortSignal,
): Promise<void> {
  const { sync, done } = followJobs(ctx, end);
  listen("ledger", (what) => {
    if (what === "edit") sync();
    if (what === "cancel") ctx.runs.checkCancelled();
    ctx.runs.wake();
  });
  return done;
}

/** Wake-ups of single jobs that follow the table. */
export type Following = {
  /** The table has changed: look at it soon. May be called at any rate. */
  sync(): void;
  /** Resolves when the signal has ended it and every registration is closed. */
  done: Promise<void>;
};

/** The table is looked at this often, whatever happens, */
const EVERY_MS = 60_000;
/** and not more often than this. */
const PAUSE_MS = 1_000;

/**
 * Keeps a `Deno.cron` registration for each of the soonest jobs (`services/jobs/wakeups.ts`), as the table says.
 * Nothing depends on them: what is due is read from the ledger, whoever wakes, and a table that cannot be read now is
 * read a minute later. Not on Deno Deploy, which takes registrations at the top level alone.
 */
export function followJobs(
  ctx: Needs<"db" | "clock" | "log" | "config"> & { runs: { wake(): void } },
  end: AbortSignal,
): Following {
  const cron = denoCron();
  if (cron === undefined || ctx.config.DENO_DEPLOY !== undefined) return { sync: () => {}, done: Promise.resolve() };
  const table = openTable(cron, quietly(() => ctx.runs.wake()));
  let changed = new AbortController();
  end.addEventListener("abort", () => changed.abort());

  const follow = async () => {
    while (!end.aborted) {
      changed = new AbortController(); // before the table is read: an edit in between is seen by another look
      try {
        const rows = await wantedWakeups(ctx);
        if (!end.aborted) table.become(rows);
      } catch (cause) {
        ctx.log.warn("the wake-ups of jobs could not follow the table", { cause });
      }
      await ctx.clock.sleep(PAUSE_MS, end);
      if (!end.aborted) await ctx.clock.sleep(EVERY_MS - PAUSE_MS, changed.signal);
    }
    table.become([]);
  };
  return { sync: () => changed.abort(), done: follow() };
}

type Cron = typeof Deno.cron;

/** Absent where "unstable": ["cron"] is not set, whatever the types say. */
const denoCron = () => (Deno as { cron?: Cron }).cron;

/** What is registered, each with what closes it. */
function openTable(cron: Cron, wake: () => void) {
  const open = new Map<Registration, AbortController>();
  let next = 0;
  return {
    /** @throws what `Deno.cron` throws; what was done until then stays */
    become(rows: Parameters<typeof reconcile>[1]): void {
      const plan = reconcile([...open.keys()], rows, next);
      next = plan.next; // also where one is refused: its name may be used up
      for (const registration of plan.close) {
        open.get(registration)?.abort(); // which settles it and frees its place at once
        open.delete(registration);
      }
      for (const registration of plan.add) {
        const close = new AbortController();
        const options = { backoffSchedule: [], signal: close.signal };
        cron(registration.name, registration.schedule, options, wake).catch(() => {});
        open.set(registration, close);
      }
    },
  };
}

/** A handler that only wakes and never throws: one that throws is retried, and a slow one loses its next turn. */
function quietly(wake: () => void): () => void {
  return () => {
    try {
      wake();
    } catch {
      // Nothing is lost: the ledger is looked at again within 15 seconds.
    }
  };
}
