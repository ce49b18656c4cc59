import type { Step } from "./audit.ts";
import { isOpen, type RunLine, type Snapshot } from "./snapshot.ts";
import { told, Violation } from "./violation.ts";
import type { World } from "./world.ts";

const LONGEST_BACKOFF_S = 86_400;
const FIXED = [
  ...["job_id", "fire_key", "scheduled_for", "covers_from", "occurrences", "exclusive", "max_attempts", "backoff_s"],
  "timeout_s",
] as (keyof RunLine)[]; // names of columns, which a spread list would widen to text

/** What may become of each run between two events, by the database's clock. */
export function auditRuns(world: World, step: Step, after: Snapshot): void {
  for (const id of world.before.runs.keys()) if (!after.runs.has(id)) throw new Violation(`run ${id} vanished`);
  for (const run of after.runs.values()) {
    const before = world.before.runs.get(run.id) ?? null;
    const wrong = before?.whole === run.whole ? null : changes(world, step, before, run);
    if (wrong !== null) {
      throw new Violation(
        `run ${run.id} ${wrong}: ${before?.whole ?? "(new)"} became ${run.whole} at ${told(world.now)}`,
      );
    }
  }
  auditLines(world, after);
  if (step.looked.length > 0) auditProgress(world, step, after);
}

function changes(world: World, step: Step, before: RunLine | null, run: RunLine): string | null {
  const { now } = world;
  if (before !== null && !isOpen(before)) return "has ended and changed";
  if (before !== null && FIXED.some((column) => before[column] !== run[column])) return "changed what is fixed";
  if (run.attempt < 0 || run.attempt > run.max_attempts) return "has an attempt that it may not have";
  if (run.attempt < (before?.attempt ?? 0) && !step.stopped) return "lost an attempt";
  if (run.state === "queued" && run.attempt !== 0) return "waits for its first attempt, and has had one";
  const live = before?.state === "running" && (before.lease_until ?? 0) >= now;
  if (run.attempt > (before?.attempt ?? 0)) {
    if (before?.asked) return "began again, though it was asked to end";
    if (live && !step.stopped) return "was taken from a worker whose lease had not run out";
    const waiting = before !== null && before.state !== "running";
    const run_at = waiting ? before.run_at : run.attempt === 1 && run.state !== "retrying" ? run.run_at : now;
    if (run_at > now) return `began before its time, ${told(run_at)}`;
  }
  if (run.code === "lease_expired" && before?.code !== "lease_expired") {
    if (live || before?.state !== "running") return "was rescued from a lease that had not run out";
  }
  if (run.state === "cancelled" && !run.asked && step.change?.then.deleted !== true) return "was cancelled by nobody";
  return run.state === "retrying" ? waits(now, before, run) : null;
}

/** How long a run waits for its next attempt. */
function waits(now: number, before: RunLine | null, run: RunLine): string | null {
  if (before?.state === "retrying" && before.attempt === run.attempt && before.run_at === run.run_at) return null;
  const delay = run.run_at - now;
  if (run.code === "lease_expired" && before?.state === "running") {
    return delay === 0 ? null : "was rescued, and does not wait for this instant";
  }
  if (delay === 0 && before !== null && run.attempt < before.attempt + 1) return null; // handed back
  const whole = Math.min(LONGEST_BACKOFF_S, run.backoff_s * 2 ** (run.attempt - 1)) * 1000;
  return delay >= whole / 2 - 1 && delay <= whole + 1 ? null : `waits ${delay} ms after attempt ${run.attempt}`;
}

/** Runs of a job that go one at a time: one is live at most, and none that waits is overtaken. */
function auditLines(world: World, after: Snapshot): void {
  const lines = Map.groupBy([...after.runs.values()].filter(({ exclusive }) => exclusive), ({ job_id }) => job_id);
  for (const [job, runs] of lines) {
    const live = runs.filter(({ state }) => state === "running" || state === "retrying");
    if (live.length > 1) throw new Violation(`job ${job} has ${live.length} live runs that exclude each other`);
    const before = (run: RunLine) => world.before.runs.get(run.id);
    const begun = runs.filter((run) =>
      run.attempt > 0 && before(run)?.state === "queued" && before(run)?.attempt === 0
    );
    const waiting = runs.filter((run) =>
      run.state === "queued" && run.attempt === 0 && before(run)?.state === "queued"
    );
    for (const first of begun) {
      const passed = waiting.find((other) => comesBefore(other, before(first) ?? first));
      if (passed !== undefined) {
        throw new Violation(`run ${first.id} began before ${passed.id}, which has waited longer`);
      }
    }
  }
}

const comesBefore = (a: RunLine, b: RunLine) => a.run_at < b.run_at || a.run_at === b.run_at && a.id < b.id;

/** After an undisturbed look no lease is left that has run out, and nothing waits that could run. */
function auditProgress(world: World, { looked }: Step, after: Snapshot): void {
  const runs = [...after.runs.values()];
  const silent = runs.find(({ state, lease_until }) => state === "running" && (lease_until ?? 0) < world.now);
  if (silent !== undefined) {
    throw new Violation(`run ${silent.id} was not rescued: its lease ended ${told(silent.lease_until)}`);
  }
  const waiting = runs.filter(({ state }) => state === "queued" || state === "retrying");
  const asked = waiting.find((run) => run.asked);
  if (asked !== undefined) throw new Violation(`run ${asked.id} waits on, though it was asked to end`);
  const ready = waiting.filter(({ run_at }) => run_at <= world.now);
  for (const run of ready) {
    const inLine = runs.some((other) =>
      run.exclusive && other.exclusive && other.job_id === run.job_id && other.id !== run.id &&
      (other.state === "running" || other.state === "retrying" ||
        other.state === "queued" && run.state === "queued" && comesBefore(other, run))
    );
    if (!inLine) {
      throw new Violation(
        `run ${run.id}, ${run.state} since ${told(run.run_at)}, was not claimed by ${
          looked.map(({ name }) => name)
        }: ${run.whole}`,
      );
    }
  }
}
