import type { Needs } from "../services/context.ts";
import { rescueExpired } from "../services/jobs/endings.ts";
import { accountDueJobs, claim, type ClaimedRun, type Left } from "../services/jobs/ledger.ts";
import type { RunHandler } from "../services/ports/handlers.ts";
import type { Lane, Lanes } from "./lanes.ts";

/** What a look found: when, by the database, null where it was cut short; and whether there is more to do at once. */
export type Look = { seen: string | null; begun: number; left: Left };

/** Who looks, and what becomes of what is found. */
type Looker = {
  worker: string;
  lanes: Lanes;
  /** Begins an attempt; it calls `leave` when it ends. */
  begin(run: ClaimedRun, leave: () => void): void;
  stopping(): boolean;
  failedOf(jobType: ClaimedRun["job_type"]): RunHandler["failed"];
};

/** A runner without a free place looks no further than for work; for this long at most. */
export const BUSY_MS = 1_000;

/** Looks at the ledger, one after the other. */
export type Looks = { look(): Promise<Look>; lookedAt(): number | null };

/** The looks of one runner. */
export function createLooks(
  ctx: Needs<"db" | "clock" | "ids" | "log" | "config">,
  { worker, lanes, begin, stopping, failedOf }: Looker,
): Looks {
  const both = [lanes.light, lanes.heavy];
  let lookedAt: number | null = null;

  const fillLane = async ({ name, free, enter }: Lane): Promise<{ begun: number; full: boolean }> => {
    const limit = free();
    const runs = limit > 0 ? await claim(ctx, worker, ctx.config.LEASE_S, { lane: name, limit }) : [];
    for (const run of runs) begin(run, enter());
    return { begun: runs.length, full: limit > 0 && runs.length === limit };
  };

  /** Begins what there is a place for; full when there is work for more light ones than we could take. */
  const fill = async (which: readonly Lane[]): Promise<{ begun: number; full: boolean }> => {
    if (stopping()) return { begun: 0, full: false };
    const filled = await Promise.all(which.map(fillLane));
    const begun = filled.reduce((sum, each) => sum + each.begun, 0);
    return { begun, full: filled.some(({ full }, i) => full && which[i] === lanes.light) };
  };

  return {
    lookedAt: () => lookedAt,
    /**
     * Brings the ledger up to date and begins what there is a place for; what waits for a place already goes first. Where
     * a place was freed and there is more work for it than it can hold, that is all there is time for.
     */
    async look() {
      const freed = both.filter((lane) => lane.freed());
      const first = await fill(freed.length > 0 ? freed : both);
      const sinceWhole = lookedAt === null ? Infinity : ctx.clock.monotonic() - lookedAt;
      if (first.full && sinceWhole < BUSY_MS) return { seen: null, begun: first.begun, left: "all" };
      let { begun } = first;
      let fills = Promise.resolve();
      const more = () => {
        fills = fills.then(async () => void (begun += (await fill(both)).begun));
        fills.catch(() => {}); // whoever waits for it below hears of it, unless something else failed first
      };
      const [seen, left] = await Promise.all([rescueExpired(ctx, failedOf), accountDueJobs(ctx, more)]);
      more(); // for what these left to claim, and what another instance accounted meanwhile
      await fills;
      lookedAt = ctx.clock.monotonic();
      return { seen, begun, left };
    },
  };
}
