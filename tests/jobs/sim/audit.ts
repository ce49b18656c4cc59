import { auditAccounts } from "./audit_accounts.ts";
import { auditJobs } from "./audit_jobs.ts";
import { auditRuns } from "./audit_runs.ts";
import type { Change } from "./console.ts";
import { snapshotOf } from "./snapshot.ts";
import { Violation } from "./violation.ts";
import type { Instance, World } from "./world.ts";

/** What happened in one event, as far as the audit must know. */
export type Step = {
  /** The edit or removal of the event. */
  change: Change | null;
  /** Instances that looked, if none was disturbed: what is due must be seen to. */
  looked: Instance[];
  /** A process stopped, and handed its runs back. */
  stopped: boolean;
};

/** Holds what the tables say after an event against the model and against what they said before. */
export async function audit(world: World, step: Step): Promise<void> {
  const untouched = world.line.count() === world.counted && step.looked.length === 0;
  const after = untouched ? world.before : await snapshotOf(world.line.connection);
  world.counted = world.line.count();
  if (world.problems.length > 0) throw new Violation(world.problems.join("; "));
  auditRuns(world, step, after);
  auditAccounts(world, step, after);
  auditJobs(world, after);
  world.before = after;
  if (world.instances.every(({ power }) => power.state() !== "frozen" && power.stalled() === 0)) world.stale.clear();
}
