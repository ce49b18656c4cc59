import { findDashboard, findDefaultDashboard } from "../../db/dashboards.ts";
import type { Caller } from "../access.ts";
import type { Needs } from "../context.ts";
import { listGoals } from "../goals/mod.ts";
import type { DashboardData, ShownDashboard } from "./answers.ts";
import { EXECUTIVE, EXECUTIVE_GOALS, executiveConfig } from "./executive.ts";
import { shown, storedConfig, visible } from "./present.ts";
import { resolveWidgets } from "./resolve.ts";
import type { DashboardDataQuery } from "./schema.ts";

type Parts = Needs<"db" | "config" | "clock" | "log">;

/**
 * A dashboard with every widget resolved. Its widgets are as they are stored: one about a person, which an anonymous
 * reader may not see, is refused in its slot and not widened to everybody.
 * @throws {DomainError} `not_found`, also for a private one of somebody else; `invalid` for a period that is none
 */
export async function getDashboardData(
  ctx: Parts,
  caller: Caller,
  id: string,
  query: DashboardDataQuery,
): Promise<DashboardData> {
  const row = visible(await findDashboard(ctx.db, id), caller);
  const { widgets } = storedConfig(row);
  return { dashboard: shown(row, caller), ...await resolveWidgets(ctx, caller, widgets, query) };
}

/**
 * The default dashboard of the type executive, resolved; where none is made the default, the shipped one.
 * @throws {DomainError} `invalid` for a period that is none
 */
export async function getExecutiveDashboard(
  ctx: Parts,
  caller: Caller,
  query: DashboardDataQuery,
): Promise<DashboardData> {
  const row = await findDefaultDashboard(ctx.db, "executive");
  if (row !== null) {
    const { widgets } = storedConfig(row);
    return { dashboard: shown(row, caller), ...await resolveWidgets(ctx, caller, widgets, query) };
  }
  const goals = await listGoals(ctx, caller, { status: "active", limit: EXECUTIVE_GOALS });
  const config = executiveConfig(goals.items);
  const dashboard: ShownDashboard = {
    ...{ id: null, ...EXECUTIVE, dashboard_type: "executive", config, is_default: true, is_public: true },
    ...{ created_by: null, version: null, created_at: null, updated_at: null },
  };
  return { dashboard, ...await resolveWidgets(ctx, caller, config.widgets, query) };
}
