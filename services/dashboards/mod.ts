import {
  countDashboards,
  type DashboardFields,
  type DashboardRow,
  findDashboard,
  insertDashboard,
  listDashboardRows,
  lockDashboard,
  lockDefaults,
  removeDashboard,
  takeDefault,
  updateDashboardFields,
} from "../../db/dashboards.ts";
import { author, type Caller, may } from "../access.ts";
import type { Needs } from "../context.ts";
import { DomainError, invalid } from "../errors.ts";
import { knownTotal, type Page, pageOf, placeOf } from "../paging.ts";
import { shown, shownSummary, viewerOf, visible } from "./present.ts";
import {
  type DashboardCreate,
  dashboardCursor,
  type DashboardListQuery,
  type DashboardResponse,
  type DashboardSummary,
  type DashboardUpdate,
} from "./schema.ts";

export { getDashboardData, getExecutiveDashboard } from "./data.ts";

type Tx = Needs<"db">["db"];

/**
 * Makes a dashboard. One that is to be the default takes that from the one before in the same transaction.
 * @throws {DomainError} `invalid` for a default that is not public
 */
export async function createDashboard(
  ctx: Needs<"db" | "ids">,
  caller: Caller,
  { created_by, ...said }: DashboardCreate,
): Promise<DashboardResponse> {
  const by = author(caller, created_by);
  const fields: DashboardFields = {
    name: said.name,
    dashboard_type: said.dashboard_type,
    description: said.description ?? null,
    config: said.config ?? { widgets: [] },
    is_default: said.is_default ?? false,
    is_public: said.is_public ?? true,
  };
  checkDefault(fields);
  const id = ctx.ids.uuid();
  return await ctx.db.transaction(async (tx) => {
    if (fields.is_default) await lockDefaults(tx);
    if (fields.is_default) await takeDefault(tx, fields.dashboard_type, id);
    return shown(await insertDashboard(tx, { ...fields, id, created_by: by }), caller);
  });
}

/** @throws {DomainError} `not_found`, also for a private one of somebody else */
export async function getDashboard(ctx: Needs<"db">, caller: Caller, id: string): Promise<DashboardResponse> {
  return shown(visible(await findDashboard(ctx.db, id), caller), caller);
}

/**
 * Dashboards that match and that the caller may see, newest first, without their widgets.
 * @throws {DomainError} `invalid` for a cursor that is none of this list
 */
export async function listDashboards(
  ctx: Needs<"db">,
  caller: Caller,
  asked: DashboardListQuery,
): Promise<Page<DashboardSummary>> {
  const { dashboard_type, is_default, is_public, ...paged } = asked;
  const filter = { dashboard_type, is_default, is_public };
  const viewer = viewerOf(caller);
  const place = placeOf(paged, dashboardCursor);
  const rows = await listDashboardRows(ctx.db, filter, viewer, { ...place, limit: place.limit + 1 });
  const total = knownTotal(rows.length, place) ?? { total: await countDashboards(ctx.db, filter, viewer) };
  const items = rows.map((row) => shownSummary(row, caller));
  return pageOf(items, place, total, (dashboard) => [dashboard.created_at, dashboard.id]);
}

/**
 * Changes what is given and leaves the rest; every call stores a new version. As with goals, whoever may write may
 * change what they see; only to hide a dashboard from the others is its author's (or an admin's) own.
 * @param expected the version that the caller has seen, or null where that does not matter
 * @throws {DomainError} `not_found`; `precondition_failed` when it changed in the meantime; `forbidden`; `invalid` for a
 * default that is not public
 */
export async function updateDashboard(
  ctx: Needs<"db">,
  caller: Caller,
  id: string,
  { version, ...changes }: DashboardUpdate,
  expected: number | null = null,
): Promise<DashboardResponse> {
  return await ctx.db.transaction(async (tx) => {
    const mayMoveDefault = changes.is_default === true || changes.dashboard_type !== undefined;
    if (mayMoveDefault) await lockDefaults(tx);
    const before = await locked(tx, caller, id, [expected, version ?? null]);
    const edited: DashboardFields = {
      name: changes.name ?? before.name,
      dashboard_type: changes.dashboard_type ?? before.dashboard_type,
      description: changes.description === undefined ? before.description : changes.description,
      config: changes.config ?? before.config,
      is_default: changes.is_default ?? before.is_default,
      is_public: changes.is_public ?? before.is_public,
    };
    checkDefault(edited);
    if (before.is_public && !edited.is_public) checkOwn(before, caller);
    if (mayMoveDefault && edited.is_default) await takeDefault(tx, edited.dashboard_type, id);
    return shown(await updateDashboardFields(tx, id, edited), caller);
  });
}

/**
 * Deletes a dashboard for good; its type is then without a default if it was that.
 * @throws {DomainError} `not_found`; `precondition_failed` when it changed in the meantime
 */
export async function deleteDashboard(
  ctx: Needs<"db">,
  caller: Caller,
  id: string,
  expected: number | null = null,
): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    await locked(tx, caller, id, [expected]);
    await removeDashboard(tx, id);
  });
}

async function locked(tx: Tx, caller: Caller, id: string, expected: (number | null)[]): Promise<DashboardRow> {
  const row = visible(await lockDashboard(tx, id), caller);
  if (expected.every((version) => version === null || version === row.version)) return row;
  const message = `The dashboard changed in the meantime: it is at version ${row.version}`;
  throw new DomainError("precondition_failed", message);
}

function checkDefault({ is_default, is_public }: DashboardFields): void {
  if (is_default && !is_public) throw invalid("/is_public", "must be true for a default, which everybody sees");
}

function checkOwn({ created_by }: DashboardRow, caller: Caller): void {
  if (may(caller, "admin") || (caller.kind === "token" && caller.id === created_by)) return;
  throw new DomainError("forbidden", "Only its author can make a dashboard private, or the scope admin");
}
