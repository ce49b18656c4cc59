import type { Entry } from "./diary.ts";
import type { Blow } from "./fleet.ts";
import type { AttemptSeen } from "./history.ts";

/** How long the run of a killed process waited for its next attempt. */
export type Restart = { run: string; killed_at: number; ms: number };

/** Every attempt that a kill cut off, and when its run went on: with the next attempt, or with its end. */
export function restarts(seen: AttemptSeen[], entries: Entry[], blows: Blow[]): Restart[] {
  const processes = new Map(entries.map(({ run, attempt, process }) => [`${run} ${attempt}`, process]));
  const workers = new Map<string, string>(); // who a worker of the ledger is, from any attempt that it began
  for (const { run, attempt, worker } of seen) {
    const process = processes.get(`${run} ${attempt}`);
    if (process !== undefined && !workers.has(worker)) workers.set(worker, process);
  }
  const runs = Map.groupBy(seen, ({ run }) => run);
  return blows.filter(({ kind }) => kind === "killed").flatMap(({ process, from }) =>
    seen.filter((one) => workers.get(one.worker) === process && one.from <= from && (one.until ?? Infinity) > from)
      .flatMap((cut) => {
        const next = cut.then === "retrying" || cut.then === "queued"
          ? runs.get(cut.run)?.find((one) => one.from > from)?.from
          : cut.until;
        return next === undefined || next === null ? [] : [{ run: cut.run, killed_at: from, ms: next - from }];
      })
  );
}
