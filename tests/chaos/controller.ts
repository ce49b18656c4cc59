import { DatabaseUnavailable, StatementTimeout } from "../../db/client.ts";
import { domainNow } from "../../db/scheduled_jobs.ts";
import type { Needs } from "../../services/context.ts";
import { DomainError } from "../../services/errors.ts";
import { backfillJob, cancelRun, createJob, deleteJob, triggerJob, updateJob } from "../../services/jobs/mod.ts";
import { BEHAVIOURS } from "./behaviours.ts";
import type { Chance } from "./chance.ts";
import { editOf, jobOf, longJob, SLOW } from "./drafts.ts";
import { pause } from "./time.ts";

/** Somebody who makes, edits, pauses, triggers and deletes jobs meanwhile, through the verbs that everybody uses. */
export type Controller = {
  /** Meddles until the signal aborts, as so many callers at once. */
  meddle(callers: number, end: AbortSignal): Promise<void>;
  /** Makes a job of long runs that may go on side by side, and asks for so many; answers with its id. */
  burst(runs: number): Promise<string>;
  /** Pauses every job, which accounts what is due of it up to that instant. */
  pauseAll(): Promise<void>;
  /** Answers that were given: jobs made, and for each key of a trigger the runs that it was answered with. */
  jobs: Set<string>;
  triggers: Map<string, Set<string>>;
  deeds: number;
  /** What verbs threw that no caller should see. */
  surprises: string[];
};

type Parts = Needs<"db" | "ids" | "config">;

const CALLER = { kind: "local" } as const;
const [FEWEST, MOST] = [22, 32];

/** A controller over a pool of its own. */
export function createController(ctx: Parts, chance: Chance): Controller {
  const own: Controller = {
    meddle: async (callers, end) => {
      for (const behaviour of BEHAVIOURS) await attempt(() => make(behaviour));
      await Promise.all(Array.from({ length: callers }, () => keepMeddling(end)));
    },
    burst: (runs) => burst(ctx, runs),
    pauseAll: () => pauseAll(ctx),
    jobs: new Set(),
    triggers: new Map(),
    deeds: 0,
    surprises: [],
  };
  const living: string[] = [];
  const slow = new Set<string>();
  let keys = 0;

  const keepMeddling = async (end: AbortSignal) => {
    while (!end.aborted) {
      await attempt(living.length < FEWEST ? () => make(chance.pick(BEHAVIOURS)) : chance.pick(DEEDS));
      await pause(chance.between(30, 110), end);
    }
  };
  const attempt = async (deed: () => Promise<unknown>) => {
    try {
      await deed();
      own.deeds++;
    } catch (error) {
      if (!expected(error)) own.surprises.push(String(error instanceof Error ? error.stack : error));
    }
  };
  const make = async (behaviour: typeof BEHAVIOURS[number]) => {
    if (living.length >= MOST) return;
    const { id } = await createJob(ctx, CALLER, jobOf(behaviour, chance));
    own.jobs.add(id);
    living.push(id);
    if (SLOW.has(behaviour)) slow.add(id);
  };
  /** Sometimes asks twice under one key, at once or again. */
  const trigger = async () => {
    const key = `key-${++keys}`;
    const id = quick();
    const ask = () => attempt(async () => remember(key, (await triggerJob(ctx, CALLER, id, { key })).id));
    await (chance.random() < 0.5 ? Promise.all([ask(), ask()]) : ask());
    if (chance.random() < 0.3) await ask();
  };
  const remember = (key: string, run: string) => own.triggers.set(key, (own.triggers.get(key) ?? new Set()).add(run));
  const edit = (changes: Parameters<typeof updateJob>[3]["changes"]) =>
    updateJob(ctx, CALLER, any(), { changes, expected: null });
  const remove = async () => {
    const id = any();
    living.splice(living.indexOf(id), 1); // whatever the answer: it may be gone
    await deleteJob(ctx, id, null);
  };
  const cancel = async () => {
    const runs = [...own.triggers.values()].slice(-8).flatMap((each) => [...each]);
    if (runs.length > 0) await cancelQuietly(ctx, chance.pick(runs));
  };
  const any = () => chance.pick(living);
  /** What somebody asks for stands in line, so of what is slow only a little. */
  const quick = () => {
    const fast = living.filter((id) => !slow.has(id));
    return chance.random() < 0.1 || fast.length === 0 ? any() : chance.pick(fast);
  };
  const DEEDS = [
    ...[trigger, trigger, trigger, trigger, trigger],
    ...[() => edit(editOf(chance)), () => edit(editOf(chance)), () => edit({ is_active: false })],
    ...[() => edit({ is_active: true }), () => edit({ is_active: true }), () => make(chance.pick(BEHAVIOURS)), remove],
    ...[cancel, cancel, () => backfillRecent(ctx, quick())],
  ] as const satisfies readonly (() => Promise<unknown>)[];
  return own;
}

const EXPECTED = new Set(["not_found", "precondition_failed", "invalid_state"]);

/** An outage, or another caller who was faster. */
function expected(error: unknown): boolean {
  if (error instanceof DomainError) return EXPECTED.has(error.code);
  return error instanceof DatabaseUnavailable || error instanceof StatementTimeout;
}

/** Wakes nobody: whoever works hears of it from the database. */
async function cancelQuietly(ctx: Parts, run: string): Promise<void> {
  const runs = { wake() {}, execute: () => Promise.resolve(), cancel: () => Promise.resolve() };
  await cancelRun({ ...ctx, runs }, CALLER, run);
}

/** The last three minutes of a job again. */
async function backfillRecent(ctx: Parts, job: string): Promise<void> {
  const end = Math.floor(Date.parse(await domainNow(ctx.db)) / 60_000) * 60_000;
  const range = { start: new Date(end - 180_000).toISOString(), end: new Date(end).toISOString() };
  await backfillJob(ctx, job, range);
}

async function burst(ctx: Parts, runs: number): Promise<string> {
  const { id } = await createJob(ctx, CALLER, longJob()); // paused: only what is asked for runs
  await Promise.all(Array.from({ length: runs }, () => triggerJob(ctx, CALLER, id, { key: null })));
  return id;
}

async function pauseAll(ctx: Parts): Promise<void> {
  const jobs = await ctx.db.query<{ id: string }>("select id from scheduled_jobs where deleted_at is null");
  for (const { id } of jobs) {
    await updateJob(ctx, CALLER, id, { changes: { is_active: false }, expected: null });
  }
}
