import { countSyncs, findSync, listSyncs as selectSyncs, type SyncRow } from "../../db/data_syncs.ts";
import type { Caller } from "../access.ts";
import type { Needs } from "../context.ts";
import { DomainError } from "../errors.ts";
import { knownTotal, type Page, pageOf, placeOf } from "../paging.ts";
import { syncCursor, type SyncDetail, type SyncListQuery, type SyncResponse } from "./schema.ts";

/** A sync with what it refused. @throws {DomainError} `not_found` */
export async function getSync(ctx: Needs<"db">, caller: Caller, id: string): Promise<SyncDetail> {
  const found = await findSync(ctx.db, id);
  if (found === null) throw new DomainError("not_found", "There is no such sync");
  const { rejects, ...row } = found;
  return { ...shown(row, caller), rejects: caller.kind === "anonymous" ? null : rejects };
}

/**
 * One page of syncs, newest first.
 * @throws {DomainError} `invalid` for a cursor of another list
 */
export async function listSyncs(ctx: Needs<"db">, caller: Caller, asked: SyncListQuery): Promise<Page<SyncResponse>> {
  const { service_name, sync_type, status, ...paged } = asked;
  const filter = { service_name, sync_type, status };
  const place = placeOf(paged, syncCursor);
  const rows = await selectSyncs(ctx.db, filter, { ...place, limit: place.limit + 1 });
  const total = knownTotal(rows.length, place) ?? { total: await countSyncs(ctx.db, filter) };
  return pageOf(rows.map((row) => shown(row, caller)), place, total, (sync) => [sync.created_at, sync.id]);
}

/** A row as its caller may see it: the public hears that a sync failed and by which code, not what the source said. */
export function shown({ updated_after, cursor, error_message, ...row }: SyncRow, caller: Caller): SyncResponse {
  const full = caller.kind !== "anonymous";
  return { ...row, error_message: full ? error_message : null, metadata: full ? { updated_after, cursor } : null };
}
