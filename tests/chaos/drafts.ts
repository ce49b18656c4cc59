import type { ScheduledJobCreate, ScheduledJobUpdate } from "../../services/jobs/schema.ts";
import type { Behaviour } from "./behaviours.ts";
import { SCHEDULES, ZONES } from "./calendar.ts";
import type { Chance } from "./chance.ts";

/** Each type of job with a legal configuration, the light ones first; what its run does is the behaviour's choice. */
const TYPES = [
  { job_type: "goal_update", config: {} },
  { job_type: "custom", config: { handler: "goal_evaluation" } },
  { job_type: "data_sync", config: { services: ["all"] } },
  {
    job_type: "report_generation",
    config: { report: { name: "R", report_type: "monthly", format: "json", parameters: { month: "previous" } } },
  },
] as const;

const RULES = [
  { misfire: "once", overlap: "skip" },
  { misfire: "once", overlap: "queue" },
  { misfire: "once", overlap: "allow" },
  { misfire: "skip", overlap: "skip" },
  { misfire: "skip", overlap: "queue" },
  { misfire: "all", overlap: "queue" },
  { misfire: "all", overlap: "allow" },
] as const;

/** Behaviours that take longer than a minute of domain time, so that they cannot run every minute. */
export const SLOW: ReadonlySet<Behaviour> = new Set<Behaviour>(["deaf", "long", "stuck"]);

/** A job that behaves in a certain way, whatever else is left to chance. */
export function jobOf(behaviour: Behaviour, chance: Chance): ScheduledJobCreate {
  const job = {
    name: `${behaviour} ${Math.floor(chance.between(0, 1e6))}`,
    ...chance.pick(SLOW.has(behaviour) ? TYPES.slice(0, 2) : TYPES),
    schedule: SLOW.has(behaviour) ? "*/5 * * * *" : chance.random() < 0.4 ? "* * * * *" : chance.pick(SCHEDULES),
    timezone: chance.pick(ZONES),
    ...(SLOW.has(behaviour) ? RULES[0] : chance.pick(RULES)),
    catch_up_limit_s: chance.pick([null, null, 60, 180]),
    jitter_s: chance.pick([0, 0, 30]),
    pause_after_failures: chance.pick([null, null, 2]),
    max_attempts: Math.floor(chance.between(2, 6)),
    backoff_s: Math.floor(chance.between(1, 40)),
  };
  return job as unknown as ScheduledJobCreate; // TypeScript cannot tell which type was picked
}

/** A job whose runs are long, quiet and light, and may overlap. */
export function longJob(): ScheduledJobCreate {
  return {
    ...{ name: "long and alone", job_type: "goal_update", config: {}, schedule: "@yearly" },
    ...{ overlap: "allow", max_attempts: 9, is_active: false },
  };
}

/** An edit that any job can take. */
export function editOf(chance: Chance): ScheduledJobUpdate {
  return chance.pick<ScheduledJobUpdate>([
    { timezone: chance.pick(ZONES) },
    { schedule: chance.pick(SCHEDULES.slice(1)) },
    chance.pick(RULES),
    { jitter_s: 10 },
    { max_attempts: 4, backoff_s: 5 },
  ]);
}
