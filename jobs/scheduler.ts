/**
 * Asks `Deno.cron` for a wake-up every minute; the only file that knows it. Call it at the top level of the main module,
 * before serving: Deno Deploy finds registrations nowhere else. Without `Deno.cron` the runner's own timers do the work.
 *
 * The handler only wakes and never throws: one that throws is retried, and one that is slow loses its next minute.
 */
export function wakeEveryMinute(wake: () => void): void {
  // Absent where "unstable": ["cron"] is not set, whatever the types say.
  const { cron } = Deno as { cron?: typeof Deno.cron };
  cron?.("scheduler-tick", "* * * * *", { backoffSchedule: [] }, () => {
    try {
      wake();
    } catch {
      // Nothing is lost: the ledger is looked at again within 15 seconds.
    }
  }).catch(() => {}); // it settles when the process ends
}
