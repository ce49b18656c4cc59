import { closeAbandoned } from "../../db/data_sync_pulls.ts";
import { findOpenSync, insertSync, type SyncRow } from "../../db/data_syncs.ts";
import { insertRun } from "../../db/job_runs.ts";
import { SERVICE_NAMES, type ServiceName, type SyncType } from "../../db/schema/enums.ts";
import type { Caller } from "../access.ts";
import type { Needs } from "../context.ts";
import { DomainError, invalid } from "../errors.ts";
import { shown } from "./read.ts";
import type { SyncCreate, SyncFanOut, SyncResponse } from "./schema.ts";
import { feedSetting, feedUrlOf } from "./sources.ts";

/** What a pull that was asked for by hand may take, and how often it is tried. */
const TERMS = { job_type: "data_sync", max_attempts: 3, backoff_s: 10, timeout_s: 3_600 } as const;
const RACES = 3;

/** What a person asks for who does not say what. */
const DEFAULT_TYPE: SyncType = "manual";

/**
 * Takes a sync: its row and the run that does the work commit together, so a crash can delay it but never lose it. The
 * run has the sync's own id. What an ended run left open is closed first.
 * @throws {DomainError} `invalid` without a service; `not_configured` where it has no URL, and nothing is stored;
 *   `conflict` while another sync of it is open
 */
export async function requestSync(
  ctx: Needs<"db" | "ids" | "config">,
  caller: Caller,
  { service_name, sync_type = DEFAULT_TYPE }: SyncCreate,
): Promise<SyncResponse> {
  if (service_name === undefined) throw invalid("/query/service_name", "must be given, here or in the body");
  if (feedUrlOf(ctx.config, service_name) === undefined) throw notConfigured(`${service_name} has`, [service_name]);
  return await ctx.db.transaction(async (tx) => {
    const queued = await queueSync({ ...ctx, db: tx }, service_name, sync_type);
    if ("started" in queued) return shown(queued.started, caller);
    throw new DomainError("conflict", `${service_name} is being synced already: sync ${queued.already_running}`);
  });
}

/**
 * Takes a sync of every service that has a URL, all in one transaction, each with a run of its own: one that fails
 * later fails alone. One that is being synced already stays as it is.
 * @throws {DomainError} `not_configured` where no service has a URL
 */
export async function requestAllSyncs(
  ctx: Needs<"db" | "ids" | "config">,
  sync_type: SyncType = DEFAULT_TYPE,
): Promise<SyncFanOut> {
  if (SERVICE_NAMES.every((service) => feedUrlOf(ctx.config, service) === undefined)) {
    throw notConfigured("No service has", SERVICE_NAMES);
  }
  return await ctx.db.transaction(async (tx) => {
    const services: SyncFanOut["services"] = [];
    for (const service_name of SERVICE_NAMES) {
      const missing = feedUrlOf(ctx.config, service_name) === undefined;
      services.push({
        service_name,
        ...missing ? NOT_CONFIGURED : resultOf(await queueSync({ ...ctx, db: tx }, service_name, sync_type)),
        missing_setting: missing ? feedSetting(service_name) : null,
      });
    }
    return { sync_type, services };
  });
}

const NOT_CONFIGURED = { result: "not_configured", sync_id: null } as const;

/** What a query and a body say about the same thing. @throws {DomainError} `invalid` where they differ */
export function agreed<Value>(name: string, inQuery: Value | undefined, inBody: Value | undefined): Value | undefined {
  if (inQuery !== undefined && inBody !== undefined && inQuery !== inBody) {
    throw invalid(`/query/${name}`, "must be what the body says, or be left out");
  }
  return inQuery ?? inBody;
}

function notConfigured(who: string, services: readonly ServiceName[]): DomainError {
  return new DomainError(
    "not_configured",
    `${who} no URL to pull metrics from; set ${services.map(feedSetting).join(" or ")}`,
  );
}

type Queued = { started: SyncRow } | { already_running: string };

const resultOf = (queued: Queued) =>
  "started" in queued
    ? { result: "started" as const, sync_id: queued.started.id }
    : { result: "already_running" as const, sync_id: queued.already_running };

/** The unique index of open syncs decides; one that ended between the two looks leaves the place to us. */
async function queueSync(ctx: Needs<"db" | "ids">, service: ServiceName, sync_type: SyncType): Promise<Queued> {
  await closeAbandoned(ctx.db, service);
  for (let race = 1; race <= RACES; race++) {
    const id = ctx.ids.uuid();
    const started = await insertSync(ctx.db, { id, run_id: id, service_name: service, sync_type });
    if (started !== null) {
      await insertRun(ctx.db, { ...TERMS, id, config: { services: [service], sync_type } });
      return { started };
    }
    const already_running = await findOpenSync(ctx.db, service);
    if (already_running !== null) return { already_running };
  }
  throw new DomainError("conflict", `Others are syncing ${service} at this moment; try again`);
}
