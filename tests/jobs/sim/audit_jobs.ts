import { tripped } from "./audit_accounts.ts";
import { type JobModel, upcoming } from "./model.ts";
import { isOpen, type JobLine, type RunLine, type Snapshot } from "./snapshot.ts";
import { told, Violation } from "./violation.ts";
import type { World } from "./world.ts";

/** What a job says of itself: its place on the calendar is the model's, its counters are its history's. */
export function auditJobs(world: World, after: Snapshot): void {
  const byJob = Map.groupBy(after.runs.values(), ({ job_id }) => job_id);
  for (const job of world.jobs) {
    const line = after.jobs.get(job.id);
    if (line === undefined) throw new Violation(`job ${job.id} vanished`);
    const runs = byJob.get(job.id) ?? [];
    const ill = failing(world, job, line, runs);
    if (tripped(job, after)) {
      Object.assign(job, { active: false, revision: job.revision + 1 });
      world.trips++;
    }
    const wrong = ill ?? misplaced(job, line) ?? unchained(job, runs) ?? miscounted(line, runs) ?? lastly(line, runs);
    if (wrong !== null) throw new Violation(`job ${job.id} at ${told(world.now)}: ${wrong}`);
  }
}

function misplaced(job: JobModel, line: JobLine): string | null {
  if (line.cursor_at !== job.cursor) return `its cursor is ${told(line.cursor_at)}, not ${told(job.cursor)}`;
  if (line.schedule_since !== job.since) return `its terms are of ${told(line.schedule_since)}, not ${told(job.since)}`;
  if (line.revision !== job.revision || line.is_active !== job.active || line.gone !== job.deleted) {
    return `it is at revision ${line.revision}, active ${line.is_active}, gone ${line.gone}`;
  }
  const next = job.active ? upcoming(job) : null;
  return line.next_run_at === next ? null : `it shows ${told(line.next_run_at)}, next is ${told(next)}`;
}

/** The windows of its rows touch, from its creation to its cursor, and their occurrences are the calendar's. */
function unchained(job: JobModel, runs: RunLine[]): string | null {
  let sum = 0;
  let end: number | null = null;
  for (const { covers_from, scheduled_for, occurrences } of runs.filter(({ fire_key }) => fire_key.startsWith("s:"))) {
    if (end !== null && covers_from !== end) {
      return `a window begins ${told(covers_from)}, the one before ended ${told(end)}`;
    }
    end = scheduled_for;
    sum += occurrences;
  }
  if (end !== null && end !== job.cursor) return `its last window ends ${told(end)}`;
  return sum === job.owed ? null : `its rows have ${sum} occurrences, the calendar ${job.owed}`;
}

function miscounted(line: JobLine, runs: RunLine[]): string | null {
  const count = (state: RunLine["state"]) => runs.filter((run) => run.state === state).length;
  const [well, ill] = [count("succeeded"), count("failed")];
  const right = line.success_count === well && line.failure_count === ill && line.run_count === well + ill;
  return right
    ? null
    : `it counts ${line.run_count} = ${line.success_count} + ${line.failure_count}, not ${well} + ${ill}`;
}

/** Its last run is the one that began last of those that counted; where two began at once, either. */
function lastly(line: JobLine, runs: RunLine[]): string | null {
  const counted = runs.filter(({ state }) => state === "succeeded" || state === "failed");
  const latest = counted.length === 0 ? null : Math.max(...counted.map(({ started_at }) => started_at ?? -Infinity));
  if (line.last_run_at !== latest) return `its last run was ${told(line.last_run_at)}, not ${told(latest)}`;
  const states = counted.filter(({ started_at }) => started_at === latest).map(({ state }) => state);
  const said = line.last_status === "success" ? "succeeded" : line.last_status;
  const right = latest === null ? said === null : states.some((state) => state === said);
  return right ? null : `it says ${said}, its last run has ${states}`;
}

/** Failures in a row pause it when there are enough of them; a success or an edit begins anew. */
function failing(world: World, job: JobModel, line: JobLine, runs: RunLine[]): string | null {
  const ended = (...states: RunLine["state"][]) =>
    runs.filter(({ id, state }) => states.includes(state) && isOpen(world.before.runs.get(id) ?? { state: "queued" }));
  const [well, ill] = [ended("succeeded").length, ended("failed").length];
  const { failures_in_a_row: now } = line;
  const fitting = well === 0 ? now === job.failures + ill : now <= ill;
  if (!fitting) return `it says ${now} failures in a row, after ${job.failures}, ${well} successes and ${ill} failures`;
  job.failures = now;
  const enough = job.terms.pause_after_failures ?? Infinity;
  if (line.is_active && now >= enough) return `it goes on after ${now} failures in a row`;
  if (job.active && !line.is_active && now < enough && well === 0) return `it is paused after ${now} failures in a row`;
  return null;
}
