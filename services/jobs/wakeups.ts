import { soonestJobs, type WakeupRow } from "../../db/wakeups.ts";
import type { Needs } from "../context.ts";
import { toDenoCron } from "./cron.ts";

/** A wake-up for one revision of one job, as `Deno.cron` holds it. */
export type Registration = { name: string; job_id: string; revision: number; schedule: string };

/** What has to change, and the number that the next new name carries. */
export type Plan = { add: Registration[]; close: Registration[]; next: number };

/** A process may hold 101 registrations; one of them is the tick of every minute. */
export const MOST_REGISTERED = 90;
/** Registrations in the life of a process: each leaves some 200 bytes behind for good, which makes 20 MB at the end. */
export const MOST_EVER = 100_000;

/** Jobs that are read: a few may be in a dialect that `Deno.cron` cannot say. */
const ROWS = 2 * MOST_REGISTERED;

/** Zones whose wall has always shown UTC; `Deno.cron` knows no other. */
const UTC_ZONES = ["", "etc/"].flatMap((area) =>
  ["utc", "uct", "universal", "zulu", "gmt", "gmt0", "gmt+0", "gmt-0", "greenwich"].map((name) => area + name)
);

/**
 * What has to be registered and closed, so that the soonest jobs which `Deno.cron` can say have a wake-up each.
 *
 * Every name is used once in the life of a process: one that is registered anew would fire twice, and three times would
 * stop every cron there is. So an edited job, and one that comes back, gets a new number.
 * @param rows the soonest first
 * @param next the number for the first new name: what the plan before returned, 0 at the start
 */
export function reconcile(registered: readonly Registration[], rows: readonly WakeupRow[], next: number): Plan {
  const standing = new Map(registered.map((each) => [identity(each), each]));
  const kept = new Set<Registration>();
  const add: Registration[] = [];
  for (const { id, revision, schedule, timezone } of rows) {
    if (kept.size + add.length >= MOST_REGISTERED) break;
    const said = isUtc(timezone) ? toDenoCron(schedule) : null;
    if (said === null) continue;
    const wanted = { job_id: id, revision, schedule: said };
    const before = standing.get(identity(wanted));
    if (before !== undefined) kept.add(before);
    else if (next < MOST_EVER) add.push({ name: `job-${id}-r${revision}-${next++}`, ...wanted });
  }
  return { add, close: registered.filter((each) => !kept.has(each)), next };
}

/** The jobs that should have a wake-up of their own, the soonest first. */
export function wantedWakeups(ctx: Needs<"db">): Promise<WakeupRow[]> {
  return soonestJobs(ctx.db, UTC_ZONES, ROWS);
}

const isUtc = (timezone: string) => UTC_ZONES.includes(timezone.toLowerCase());

const identity = ({ job_id, revision, schedule }: Omit<Registration, "name">) => `${job_id} ${revision} ${schedule}`;
