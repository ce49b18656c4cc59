import type { Step } from "./audit.ts";
import { due, type Expected, type JobModel } from "./model.ts";
import { isOpen, type RunLine, type Snapshot } from "./snapshot.ts";
import { told, Violation } from "./violation.ts";
import type { World } from "./world.ts";

/** The rows of schedules: each must be one that the oracle's calendar owes, and none that it owes may be missing. */
export function auditAccounts(world: World, step: Step, after: Snapshot): void {
  const fresh = [...after.runs.values()].filter(({ id }) => !world.before.runs.has(id));
  for (const job of world.jobs) {
    const rows = fresh.filter(({ job_id, fire_key }) => job_id === job.id && fire_key.startsWith("s:"));
    const left = step.change?.job === job
      ? taken(world, job, rows, step.change.owes, after)
      : accounted(world, job, rows, after);
    const odd = left[0];
    if (odd !== undefined) {
      throw new Violation(`${sayRow(odd)} is owed by no account of job ${job.id} up to ${told(world.now)}`);
    }
    if (step.change?.job === job) Object.assign(job, step.change.then);
    else if (step.looked.length > 0 && job.active && !tripped(job, after)) {
      const [missing] = due(job, world.now);
      if (missing !== undefined) throw new Violation(`job ${job.id} was looked at and lacks ${say(missing)}`);
    }
  }
  auditManual(world, fresh);
}

/** Accounts of now, and of what an instance read before it froze, as long as they explain the rows. */
function accounted(world: World, job: JobModel, rows: RunLine[], after: Snapshot): RunLine[] {
  let left = rows;
  for (let more = true; more && left.length > 0;) {
    more = false;
    for (const moment of [...world.stale, world.now]) {
      if (!job.active) break;
      const owed = due(job, moment);
      const last = owed.at(-1);
      if (last === undefined || !owed.every((row, i) => fits(left[i], row))) continue;
      left = taken(world, job, left, owed, after);
      more = true;
      break;
    }
  }
  return left;
}

/** Whether a row can be this one, so that its differences are worth telling. */
function fits(row: RunLine | undefined, owed: Expected): boolean {
  if (row?.scheduled_for !== owed.at) return false;
  const reason = row.reason === "misfire" || row.reason === "outside_catch_up" ? row.reason : null;
  return reason === (owed.kind === "skip" ? owed.reason : null);
}

/** Takes the rows that are owed off the front, checks each, and moves the model's cursor. */
function taken(world: World, job: JobModel, rows: RunLine[], owed: Expected[], after: Snapshot): RunLine[] {
  for (const [i, expected] of owed.entries()) {
    const row = rows[i];
    if (row === undefined) throw new Violation(`job ${job.id} lacks ${say(expected)}`);
    if (row.state === "skipped" && row.reason === "misfire" && expected.kind === "run") {
      throw new Violation(`${sayRow(row)} of job ${job.id} was not missed`);
    }
    const wrong = differences(world, job, row, expected, after);
    if (wrong !== null) throw new Violation(`${sayRow(row)} of job ${job.id} ${wrong}, it should be ${say(expected)}`);
    job.cursor = expected.at;
    job.owed += expected.occurrences;
  }
  return rows.slice(owed.length);
}

function differences(world: World, job: JobModel, row: RunLine, owed: Expected, after: Snapshot): string | null {
  const { overlap, jitter_s, max_attempts, backoff_s, timeout_s } = job.terms;
  if (row.scheduled_for !== owed.at) return "is at another time";
  if (row.fire_key !== `s:${owed.at / 1000}`) return `has the key ${row.fire_key}`;
  if (row.covers_from !== owed.from) return `covers from ${told(row.covers_from)}`;
  if (row.occurrences !== owed.occurrences) return `has ${row.occurrences} occurrences`;
  if (row.exclusive !== (overlap !== "allow")) return "has another rule of overlap";
  if (row.max_attempts !== max_attempts || row.backoff_s !== backoff_s || row.timeout_s !== timeout_s) {
    return "has other terms";
  }
  if (owed.kind === "skip") {
    return row.state === "skipped" && row.reason === owed.reason ? null : `is ${row.state} ${row.reason ?? ""}`;
  }
  // Until the first attempt has ended, run_at is the schedule's.
  const early = row.attempt === 0 || row.attempt === 1 && row.state !== "retrying";
  const delay = row.run_at - owed.at;
  if (early && row.reason !== "overlap" && (delay < 0 || delay > jitter_s * 1000)) return `waits ${delay} ms`;
  if (row.state === "skipped" && row.reason === "paused" && !tripped(job, after)) {
    return "is skipped for a pause that was none";
  }
  return overlapping(world, row, overlap, after);
}

/** Whether its failures have paused a job in this event. */
export const tripped = (job: JobModel, after: Snapshot): boolean =>
  job.active && job.terms.pause_after_failures !== null && after.jobs.get(job.id)?.is_active === false;

/** Whether an open run stood in the way is certain only where it was open before and after the event. */
function overlapping(world: World, row: RunLine, overlap: string, after: Snapshot): string | null {
  const others = [...after.runs.values()].filter(({ id, job_id, exclusive, fire_key }) =>
    job_id === row.job_id && id !== row.id && exclusive && !fire_key.startsWith("b:")
  );
  const openBefore = (id: string) => {
    const run = world.before.runs.get(id);
    return run === undefined ? "unknown" : isOpen(run) ? "open" : "ended";
  };
  const skipped = row.state === "skipped" && row.reason === "overlap";
  if (skipped) {
    const possible = overlap === "skip" && others.some(({ id }) => openBefore(id) !== "ended");
    return possible ? null : "is skipped for an overlap that was none";
  }
  const inTheWay = others.some((other) => openBefore(other.id) === "open" && isOpen(other));
  return overlap === "skip" && inTheWay ? "runs beside an open run" : null;
}

function auditManual(world: World, fresh: RunLine[]): void {
  const asked = new Set([...world.manual.values()].map(({ id }) => id));
  for (const run of fresh) {
    if (run.fire_key.startsWith("s:")) continue;
    const backfilled = world.backfills.has(`${run.job_id} ${run.fire_key}`);
    if (!asked.has(run.id) && !backfilled) throw new Violation(`${sayRow(run)} was asked for by nobody`);
    const late = run.run_at - world.now; // a backfill keeps its order by microseconds
    if (run.occurrences !== 0 || (run.covers_from !== null) !== backfilled || late < 0 || late >= 1) {
      throw new Violation(`${sayRow(run)} is no manual run of ${told(world.now)}`);
    }
  }
}

const say = (row: Expected) =>
  `[${row.kind === "skip" ? row.reason : "run"} ${told(row.at)} × ${row.occurrences} from ${told(row.from)}]`;
const sayRow = (run: RunLine) =>
  `[${run.state} ${run.reason ?? ""} ${run.fire_key} ${
    told(run.scheduled_for)
  } × ${run.occurrences} attempt ${run.attempt}]`;
