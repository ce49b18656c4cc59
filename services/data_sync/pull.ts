import {
  advanceSync,
  completeSync,
  deferSync,
  failSyncsAsNoted,
  failSyncsOfRun,
  openSync,
  type SyncFault,
} from "../../db/data_sync_pulls.ts";
import type { Db } from "../../db/client.ts";
import type { SyncRow } from "../../db/data_syncs.ts";
import { SERVICE_NAMES, type ServiceName, type SyncType } from "../../db/schema/enums.ts";
import type { Needs } from "../context.ts";
import { DatabaseUnavailable } from "../errors.ts";
import { ingestMetrics } from "../metrics/mod.ts";
import { type HandlerOutcome, type RunContext, RunFailure } from "../ports/handlers.ts";
import type { Outbound } from "../ports/outbound.ts";
import { fetchPage, type Page } from "./feed.ts";
import { nameOf, ownRows } from "./rows.ts";
import { feedUrlOf } from "./sources.ts";

type Parts = Needs<"db" | "ids" | "log" | "config" | "engine">;

/** What a run is asked to pull. */
export type PullRequest = { services: readonly ("all" | ServiceName)[]; sync_type?: SyncType | undefined };

/** How the pull of one service ended. */
export type ServiceSync =
  | { status: "not_configured" }
  | { status: "completed"; sync_id: string; processed: number; rejected: number; pages: number }
  | { status: "failed"; sync_id: string | null; code: string; message: string };

/** A watermark is asked for again from this much earlier: clocks differ, and commits come late. */
const OVERLAP_S = 300;
const PAGES = 10_000;
/** Rows of a page; one page is one transaction, and the embedded database stands still during each. */
const PAGE_ROWS = { postgres: 1_000, embedded: 500 } as const;
const REJECTIONS_LOGGED = 10;

/**
 * Pulls the metrics feeds of the asked services, one after the other, each page with its place in one checkpoint.
 * A further attempt goes on where the last one stood; rows that come again are known by their external_id.
 * @throws {RunFailure} `sync_failed` when a service failed; what the others stored stays
 */
export async function syncServices(
  ctx: Parts,
  outbound: Outbound,
  run: RunContext,
  { services, sync_type = "incremental" }: PullRequest,
): Promise<HandlerOutcome> {
  const asked = SERVICE_NAMES.filter((name) => services.includes("all") || services.includes(name));
  const results: Partial<Record<ServiceName, ServiceSync>> = {};
  for (const service of asked) results[service] = await syncService(ctx, outbound, run, { service, sync_type });
  const unconfigured = asked.filter((service) => results[service]?.status === "not_configured");
  if (unconfigured.length > 0) await run.checkpoint((tx) => closeSyncs(tx, run.id, NOT_CONFIGURED));
  if (unconfigured.length === asked.length) return { skipped: "not_configured", result: { services: results } };
  const failed = asked.filter((service) => results[service]?.status === "failed");
  if (failed.length === 0) return { result: { services: results } };
  throw new RunFailure(SYNC_FAILED, `Could not sync ${failed.join(", ")}`, {
    retry: "again",
    detail: { services: results },
  });
}

/** Stands on a pull whose service lost its URL after the pull was asked for. */
const NOT_CONFIGURED: SyncFault = { code: "not_configured", message: "The service has no URL any more" };

/** How the run of pulls that failed ends. */
const SYNC_FAILED = "sync_failed";

/** Closes what a run leaves open: where its pulls made it fail, each for its own reason. */
export async function closeSyncs(tx: Db, runId: string, fault: SyncFault): Promise<void> {
  await (fault.code === SYNC_FAILED ? failSyncsAsNoted : failSyncsOfRun)(tx, runId, fault);
}

async function syncService(
  ctx: Parts,
  outbound: Outbound,
  run: RunContext,
  { service, sync_type }: { service: ServiceName; sync_type: SyncType },
): Promise<ServiceSync> {
  const base = feedUrlOf(ctx.config, service);
  if (base === undefined) return { status: "not_configured" };
  const wanted = { id: ctx.ids.uuid(), run_id: run.id, service_name: service, sync_type };
  const sync = await run.checkpoint((tx) => openSync(tx, wanted, OVERLAP_S));
  if (sync === null) {
    return { status: "failed", sync_id: null, code: "busy", message: "Another run is pulling this service" };
  }
  if (sync.status === "completed") return ended(sync);
  try {
    return ended(await pull(ctx, outbound, run, { sync, base }));
  } catch (error) {
    run.signal.throwIfAborted();
    if (error instanceof DatabaseUnavailable) throw error;
    const fault = told(ctx, service, error);
    run.log(`${service}: ${fault.message}`, "error");
    await run.checkpoint((tx) => deferSync(tx, sync.id, fault));
    return { status: "failed", sync_id: sync.id, ...fault };
  }
}

const ended = (sync: SyncRow): ServiceSync => ({
  status: "completed",
  sync_id: sync.id,
  processed: sync.records_processed,
  rejected: sync.records_failed,
  pages: sync.pages,
});

function told(ctx: Parts, service: ServiceName, error: unknown): SyncFault {
  if (error instanceof RunFailure) return { code: error.code, message: error.message };
  ctx.log.error("a page of a feed could not be stored", { service, cause: error });
  return { code: "internal", message: "A page could not be stored; the service's log says why" };
}

/** Page after page, until the feed has no more. */
async function pull(
  ctx: Parts,
  outbound: Outbound,
  run: RunContext,
  { sync, base }: { sync: SyncRow; base: string },
): Promise<SyncRow> {
  const { service_name: service, updated_after } = sync;
  const seen = new Set<string>();
  for (let { cursor, pages } = sync;; pages++) {
    if (pages >= PAGES) throw new RunFailure("feed_endless", `The feed has more than ${PAGES} pages`);
    const page = await fetchPage(outbound, {
      ...{ base, token: ctx.config.SYNC_TOKEN, updated_after, cursor },
      ...{ limit: PAGE_ROWS[ctx.engine], signal: run.signal },
    });
    const { next_cursor } = page;
    if (next_cursor !== null && seen.has(next_cursor)) {
      throw new RunFailure("feed_endless", "The feed leads in a circle");
    }
    const last = await run.checkpoint((tx) => store({ ...ctx, db: tx }, run, { sync, pages }, page), {
      service,
      pages: pages + 1,
    });
    if (last !== null) return last;
    if (next_cursor !== null) seen.add(next_cursor);
    cursor = next_cursor;
    run.log(`${service}: page ${pages + 1}`);
  }
}

/** Stores a page; answers the completed sync after the last one, else null. */
async function store(
  ctx: Parts,
  run: RunContext,
  { sync, pages }: { sync: SyncRow; pages: number },
  page: Page,
): Promise<SyncRow | null> {
  const { rows, places, strangers } = ownRows(sync.service_name, page.items);
  const stored = await ingestMetrics(ctx, { kind: "local" }, rows);
  const refused = stored.rejected.map(({ index, errors }) => ({ place: places[index] ?? index, errors }));
  const rejects = [...refused, ...strangers].sort((a, b) => a.place - b.place)
    .map(({ place, errors }) => ({ page: pages + 1, row: place + 1, external_id: nameOf(page.items[place]), errors }));
  for (const { row, errors } of rejects.slice(0, REJECTIONS_LOGGED)) {
    const why = errors.map(({ pointer, detail }) => `${pointer} ${detail}`).join("; ");
    run.log(`${sync.service_name}: row ${row} of page ${pages + 1} refused: ${why}`, "warn");
  }
  await advanceSync(ctx.db, sync.id, {
    processed: stored.accepted + stored.updated + stored.duplicates,
    rejects,
    cursor: page.next_cursor,
  });
  return page.next_cursor === null ? await completeSync(ctx.db, sync.id) : null;
}
