import type { Runs } from "../../../services/ports/runs.ts";
import { DomainError } from "../../../services/errors.ts";
import { nextOccurrence, parseCron } from "../../../services/jobs/cron.ts";
import { backfillJob, cancelRun, createJob, deleteJob, triggerJob, updateJob } from "../../../services/jobs/mod.ts";
import type { ScheduledJobCreate } from "../../../services/jobs/schema.ts";
import type { Event } from "./history.ts";
import { type JobModel, settled } from "./model.ts";
import * as calendar from "./oracle/calendar.ts";
import { isOpen, type RunLine } from "./snapshot.ts";
import { Violation } from "./violation.ts";
import { isLegal, type Terms } from "./terms.ts";
import { consoleOf, type World } from "./world.ts";

/** What people do to jobs through the service's verbs, and what that makes of the model. */

const local = { kind: "local" } as const;
const JOBS = 4;

/** Makes a job, if there are not too many already. */
export async function create(
  world: World,
  { terms, script }: Pick<Extract<Event, { kind: "create" }>, "terms" | "script">,
) {
  if (world.jobs.length === JOBS) return;
  const input: ScheduledJobCreate = { name: "Simulated", job_type: "goal_update", config: {}, ...terms };
  const ctx = consoleOf(world);
  // Each console draws its ids anew: their order tells the jobs of a history apart.
  const id = `0000000${world.jobs.length}-0000-7000-9000-000000000000`;
  const made = await createJob({ ...ctx, ids: { ...ctx.ids, uuid: () => id } }, local, input);
  world.jobs.push({
    ...{ id: made.id, terms, script, active: true, deleted: false, cursor: world.now, since: world.now, revision: 1 },
    ...{ attempts: 0, owed: 0, failures: 0 },
  });
  previewed(terms, world.now);
}

/** The change that a console's verb makes to a job after it has settled it; what is refused changes nothing. */
export type Change = { job: JobModel; owes: ReturnType<typeof settled>; then: Partial<JobModel> };

/** Edits, pauses or resumes a job. */
export async function change(world: World, job: JobModel, changes: Partial<Terms> & { is_active?: boolean }) {
  const { is_active = job.active, ...edited } = changes;
  const terms = { ...job.terms, ...edited };
  const verb = updateJob(consoleOf(world), local, job.id, { changes, expected: null });
  const refused = await refusal(verb);
  const fitting = job.deleted ? "not_found" : isLegal(terms) ? null : "invalid";
  if (refused !== fitting) {
    throw new Violation(`an edit was ${refused ?? "accepted"} instead of ${fitting ?? "accepted"}`);
  }
  if (refused !== null) return null;
  previewed(terms, world.now);
  const then = { terms, active: is_active, since: world.now, revision: job.revision + 1, failures: 0 };
  return { job, owes: settled(job, world.now), then };
}

/** Removes a job. */
export async function remove(world: World, job: JobModel): Promise<Change | null> {
  const refused = await refusal(deleteJob(consoleOf(world), job.id, null));
  if ((refused === "not_found") !== job.deleted) throw new Violation(`a removal was ${refused ?? "accepted"}`);
  if (refused !== null) return null;
  const then = { active: false, deleted: true, revision: job.revision + 1 };
  return { job, owes: settled(job, world.now), then };
}

/** Triggers a job by hand: the same key with the same configuration is the same run. */
export async function trigger(world: World, job: JobModel, { key, config }: Extract<Event, { kind: "trigger" }>) {
  const override = config === "own" ? {} : { override_config: { goal_ids: ["00000000-0000-4000-8000-00000000000a"] } };
  const ctx = consoleOf(world);
  const ids = {
    ...ctx.ids,
    uuid: () => `0000000a-0000-7000-a000-${(++world.triggers).toString(16).padStart(12, "0")}`,
  };
  const before = key === null ? undefined : world.manual.get(`${job.id} ${key}`);
  const verb = triggerJob({ ...ctx, ids }, local, job.id, { ...override, key });
  const refused = await refusal(verb);
  const fitting = job.deleted ? "not_found" : before !== undefined && before.config !== config ? "invalid" : null;
  if (refused !== fitting) {
    throw new Violation(`a trigger was ${refused ?? "accepted"} instead of ${fitting ?? "accepted"}`);
  }
  if (refused !== null) return;
  const { id } = await verb;
  if (before !== undefined && id !== before.id) throw new Violation(`a repeated key made another run`);
  world.manual.set(`${job.id} ${key ?? id}`, { id, config });
}

/** Runs a stretch of a job's calendar again: one run for each occurrence in it, made once however often it is asked for. */
export async function backfill(
  world: World,
  job: JobModel,
  { ago_ms, length_ms }: Extract<Event, { kind: "backfill" }>,
) {
  const { schedule, timezone } = job.terms;
  const from = Math.floor((world.now - ago_ms) / 1000) * 1000;
  const until = Math.min(from + length_ms, Math.floor(world.now / 1000) * 1000);
  const owed = calendar.occurrences(schedule, timezone, from - 1, until);
  const range = { start: new Date(from).toISOString(), end: new Date(until).toISOString() };
  const preview = owed.length > world.history.backlog;
  const verb = backfillJob(consoleOf(world), job.id, { ...range, preview });
  const refused = await refusal(verb);
  if ((refused === "not_found") !== job.deleted) throw new Violation(`a backfill was ${refused ?? "accepted"}`);
  if (refused !== null) return;
  const keys = owed.map(({ at }) => `b:${from / 1000}-${until / 1000}:${at / 1000}`);
  const fresh = preview ? [] : keys.filter((key) => !world.backfills.has(`${job.id} ${key}`));
  const { count, created } = await verb;
  const all = owed.reduce((sum, { occurrences }) => sum + occurrences, 0);
  if (count !== all || created !== fresh.length) {
    throw new Violation(`a backfill of ${all} made ${created} instead of ${fresh.length}, and says ${count}`);
  }
  for (const key of fresh) world.backfills.add(`${job.id} ${key}`);
}

/** Asks a run to end, through a process that may be the one which works on it. */
export async function cancel(world: World, run: RunLine, runs: Runs): Promise<void> {
  const refused = await refusal(cancelRun({ db: world.line.db, runs }, local, run.id));
  const fitting = isOpen(run) ? null : "invalid_state";
  if (refused !== fitting) throw new Violation(`a cancellation was ${refused ?? "accepted"} of ${run.whole}`);
}

async function refusal(verb: Promise<unknown>): Promise<string | null> {
  try {
    await verb;
    return null;
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

/** What the preview shows is what the oracle says; that the rows are what the oracle says is seen as they come. */
function previewed({ schedule, timezone }: Terms, now: number): void {
  const cron = parseCron(schedule);
  for (let after = now, n = 0; n < 3; n++) {
    const shown = nextOccurrence(cron, timezone, after);
    const at = calendar.next(schedule, timezone, after);
    if (at === null) return;
    const [first] = calendar.occurrences(schedule, timezone, after, at, 1);
    if (shown?.at !== at || shown.occurrences !== first?.occurrences) {
      throw new Violation(`${schedule} in ${timezone}: the preview shows ${shown?.at}, the oracle ${at}`);
    }
    after = at;
  }
}
