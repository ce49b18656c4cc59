import type { DashboardRow, DashboardSummaryRow, Viewer } from "../../db/dashboards.ts";
import { type Caller, may } from "../access.ts";
import { DomainError } from "../errors.ts";
import { seesAll, shownDimensions } from "../metrics/personal.ts";
import type { DashboardResponse, DashboardSummary } from "./schema.ts";
import { DashboardConfig, type Widget } from "./widgets.ts";

/** Whose private dashboards a caller sees: all of them in open mode and with the scope admin, else their own. */
export function viewerOf(caller: Caller): Viewer {
  return { sees_all: may(caller, "admin"), id: caller.kind === "token" ? caller.id : null };
}

/**
 * A dashboard, if the caller may know of it.
 * @throws {DomainError} `not_found`, for a private one of somebody else as for none at all
 */
export function visible(row: DashboardRow | null, caller: Caller): DashboardRow {
  const { sees_all, id } = viewerOf(caller);
  if (row !== null && (row.is_public || sees_all || row.created_by === id)) return row;
  throw new DomainError("not_found", "There is no such dashboard");
}

/** A dashboard as a caller may see it: an anonymous one sees neither its author nor whom its widgets are about. */
export function shown(row: DashboardRow, caller: Caller): DashboardResponse {
  const config = storedConfig(row);
  if (seesAll(caller)) return { ...row, config };
  const widgets = config.widgets.map((widget) => withoutPersons(widget, caller));
  return { ...row, config: { ...config, widgets }, created_by: null };
}

/** A dashboard of a list as a caller may see it. */
export function shownSummary(row: DashboardSummaryRow, caller: Caller): DashboardSummary {
  return seesAll(caller) ? row : { ...row, created_by: null };
}

/** What its widgets are; none where the row was written past the service and is no config. */
export function storedConfig({ config }: DashboardRow): DashboardConfig {
  const parsed = DashboardConfig.safeParse(config);
  return parsed.success ? parsed.data : { widgets: [] };
}

function withoutPersons(widget: Widget, caller: Caller): Widget {
  if (!("metric" in widget) || widget.metric.dimensions === undefined) return widget;
  const dimensions = shownDimensions(caller, widget.metric.dimensions);
  return { ...widget, metric: { ...widget.metric, dimensions } };
}
