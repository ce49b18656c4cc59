import type { ClaimedRun } from "../services/jobs/ledger.ts";
import type { RunHandler } from "../services/ports/handlers.ts";

/** Who works on which type of run; a type without a handler fails with its reason on the run. */
export type Registry = Partial<Record<ClaimedRun["job_type"], RunHandler>>;
