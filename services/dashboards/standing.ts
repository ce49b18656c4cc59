import { SERVICE_NAMES, type ServiceName } from "../../db/schema/enums.ts";
import type { Needs } from "../context.ts";
import { currentSyncStatus } from "../data_sync/mod.ts";
import { getGoalProgress } from "../goals/mod.ts";
import type { FreshnessData } from "./answers.ts";
import type { Content } from "./content.ts";
import type { Page } from "./page.ts";
import { knownThrough } from "./through.ts";
import type { WidgetOf } from "./widgets.ts";

/** How far a goal is, as GET /goals/{goal_id}/progress tells it. @throws {DomainError} `not_found` */
export async function goalContent(
  ctx: Needs<"db" | "config">,
  { caller }: Page,
  { goal_id }: WidgetOf<"goal">,
): Promise<Content> {
  const data = await getGoalProgress(ctx, caller, goal_id);
  return { type: "goal", data, reason: data.reason, meta: null };
}

/** How old what is known of each service is, whether it was pushed or pulled. */
export async function freshnessContent(
  ctx: Needs<"db" | "config">,
  page: Page,
  widget: WidgetOf<"freshness">,
): Promise<Content> {
  const asked: readonly ServiceName[] = widget.services ?? SERVICE_NAMES;
  const report = await currentSyncStatus(ctx);
  const services = asked.flatMap((service_name): FreshnessData["services"] => {
    const sync = report.services.find((one) => one.service_name === service_name);
    if (sync === undefined) return [];
    const { data_through, warning } = knownThrough(page.through.filter((one) => one.service_name === service_name));
    const age_s = data_through === null ? null : Math.floor((page.now - Date.parse(data_through)) / 1_000);
    const { status: sync_status, last_success_at, stale } = sync;
    return [{ service_name, data_through, age_s, warning, sync_status, last_success_at, stale }];
  });
  const known = services.some(({ data_through, warning, last_success_at }) =>
    data_through !== null || warning !== null || last_success_at !== null
  );
  const reason = known ? null : "Nothing has been recorded of these services, and none was synced";
  return { type: "freshness", data: { services }, reason, meta: null };
}
