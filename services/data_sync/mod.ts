import { advanceSync, completeSync, failSync, failSyncsOfRun, openSync, type SyncRow } from "../../db/data_syncs.ts";
import { SERVICE_NAMES, type ServiceName } from "../../db/schema/enums.ts";
import type { Config } from "../config.ts";
import type { Needs } from "../context.ts";
import { DatabaseUnavailable } from "../errors.ts";
import { ingestMetrics } from "../metrics/mod.ts";
import type { Fetch } from "../ports/fetch.ts";
import { type HandlerOutcome, type RunContext, RunFailure } from "../ports/handlers.ts";
import { fetchPage, type Page } from "./feed.ts";

type Parts = Needs<"db" | "clock" | "ids" | "log" | "config" | "engine">;

/** What a run is asked to pull. */
export type SyncRequest = {
  services: readonly ("all" | ServiceName)[];
  sync_type?: SyncRow["sync_type"] | undefined;
};

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

/** Where each service's feed lies, if anywhere. */
export function feedUrlOf(config: Config, service: ServiceName): string | undefined {
  const urls: Record<ServiceName, string | undefined> = {
    auth: config.AUTH_SERVICE_URL,
    content: config.CONTENT_SERVICE_URL,
    partners_crm: config.PARTNERS_CRM_SERVICE_URL,
    projects: config.PROJECTS_SERVICE_URL,
    social_media: config.SOCIAL_MEDIA_SERVICE_URL,
    notification: config.NOTIFICATION_SERVICE_URL,
  };
  return urls[service];
}

/**
 * Pulls the metrics feeds of the asked services, one after the other, each page with its place in one checkpoint.
 * A further attempt goes on where the last one stood; rows that come again are known by their external_id.
 * @throws {RunFailure} `sync_failed` when a service failed; what the others stored stays
 */
export async function syncServices(
  ctx: Parts,
  fetch: Fetch,
  run: RunContext,
  { services, sync_type = "incremental" }: SyncRequest,
): Promise<HandlerOutcome> {
  const asked = SERVICE_NAMES.filter((name) => services.includes("all") || services.includes(name));
  const results: Partial<Record<ServiceName, ServiceSync>> = {};
  for (const service of asked) results[service] = await syncService(ctx, fetch, run, { service, sync_type });
  const outcomes = Object.values(results);
  if (outcomes.every(({ status }) => status === "not_configured")) {
    return { skipped: "not_configured", result: { services: results } };
  }
  const failed = asked.filter((service) => results[service]?.status === "failed");
  if (failed.length === 0) return { result: { services: results } };
  throw new RunFailure("sync_failed", `Could not sync ${failed.join(", ")}`, {
    retry: "again",
    detail: { services: results },
  });
}

/** Closes what a run left open when it failed for good. */
export const closeSyncs = failSyncsOfRun;

async function syncService(
  ctx: Parts,
  fetch: Fetch,
  run: RunContext,
  { service, sync_type }: { service: ServiceName; sync_type: SyncRow["sync_type"] },
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
    return ended(await pull(ctx, fetch, run, { sync, base }));
  } catch (error) {
    run.signal.throwIfAborted();
    if (error instanceof DatabaseUnavailable) throw error;
    const { code, message } = told(ctx, service, error);
    run.log(`${service}: ${message}`, "error");
    await run.checkpoint((tx) => failSync(tx, sync.id, message));
    return { status: "failed", sync_id: sync.id, code, message };
  }
}

const ended = (sync: SyncRow): ServiceSync => ({
  status: "completed",
  sync_id: sync.id,
  processed: sync.records_processed,
  rejected: sync.records_failed,
  pages: sync.metadata.pages,
});

function told(ctx: Parts, service: ServiceName, error: unknown): { code: string; message: string } {
  if (error instanceof RunFailure) return { code: error.code, message: error.message };
  ctx.log.error("a page of a feed could not be stored", { service, cause: error });
  return { code: "internal", message: "A page could not be stored; the service's log says why" };
}

/** Page after page, until the feed has no more. */
async function pull(
  ctx: Parts,
  fetch: Fetch,
  run: RunContext,
  { sync, base }: { sync: SyncRow; base: string },
): Promise<SyncRow> {
  const { service_name: service, metadata } = sync;
  const seen = new Set<string>();
  for (let { cursor, pages } = metadata;; pages++) {
    if (pages >= PAGES) throw new RunFailure("feed_endless", `The feed has more than ${PAGES} pages`);
    const page = await fetchPage(ctx, fetch, {
      ...{ base, token: ctx.config.SYNC_TOKEN, updated_after: metadata.updated_after, cursor },
      ...{ limit: PAGE_ROWS[ctx.engine], signal: run.signal },
    });
    const { next_cursor } = page;
    if (next_cursor !== null && seen.has(next_cursor)) {
      throw new RunFailure("feed_endless", "The feed leads in a circle");
    }
    const last = await run.checkpoint((tx) => store({ ...ctx, db: tx }, run, sync, page), {
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
async function store(ctx: Parts, run: RunContext, sync: SyncRow, page: Page): Promise<SyncRow | null> {
  const { rows, strangers } = ownRows(sync.service_name, page.items);
  const stored = await ingestMetrics(ctx, { kind: "local" }, rows);
  for (const { index, errors } of stored.rejected.slice(0, REJECTIONS_LOGGED)) {
    const why = errors.map(({ pointer, detail }) => `${pointer} ${detail}`).join("; ");
    run.log(`${sync.service_name}: row ${index} of the page refused: ${why}`, "warn");
  }
  if (strangers > 0) run.log(`${sync.service_name}: ${strangers} rows without an external_id, or of others`, "warn");
  await advanceSync(ctx.db, sync.id, {
    processed: stored.accepted + stored.updated + stored.duplicates,
    rejected: stored.rejected.length + strangers,
    cursor: page.next_cursor,
  });
  return page.next_cursor === null ? await completeSync(ctx.db, sync.id) : null;
}

/** A feed speaks for its own service only, and names its rows, so that a page which comes again changes nothing. */
function ownRows(service: ServiceName, items: readonly unknown[]): { rows: unknown[]; strangers: number } {
  const rows: unknown[] = [];
  for (const item of items) {
    if (typeof item !== "object" || item === null || !("external_id" in item) || item.external_id === null) continue;
    const row = { service_name: service, ...item };
    if (row.service_name === service) rows.push(row);
  }
  return { rows, strangers: items.length - rows.length };
}
