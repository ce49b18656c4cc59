import { z } from "@hono/zod-openapi";
import { GOAL_EVENT_KINDS } from "../../db/goal_events.ts";
import { countGoalHistory, listGoalHistory } from "../../db/goal_history.ts";
import { findGoal } from "../../db/goals.ts";
import type { Caller } from "../access.ts";
import type { Needs } from "../context.ts";
import { invalid } from "../errors.ts";
import { seesAll } from "../metrics/personal.ts";
import { knownTotal, type Page, page, pageOf, paging, placeOf } from "../paging.ts";
import { date, instant, strict, uuid } from "../schema.ts";
import { visible } from "./visible.ts";

export const GoalHistoryItem = z.strictObject({
  id: uuid,
  kind: z.enum(["reading", ...GOAL_EVENT_KINDS]).describe("A value the goal had, or something that happened to it"),
  at: instant,
  value: z.number().describe("In the goal's unit; of an event, the value that made it"),
  progress_percentage: z.number().describe("By the terms of that moment, in percent"),
  source: z.enum(["manual", "metrics"]).nullable().describe("Where a reading comes from; null for an event"),
  recorded_by: uuid.nullable().describe("Of a reading by hand; null for anonymous readers"),
  target_value: z.number().nullable().describe("Of an event, the target of that moment; null for a reading"),
  alert_threshold: z.number().nullable().describe("Of an alert, in percent"),
}).openapi("GoalHistoryItem");
export type GoalHistoryItem = z.infer<typeof GoalHistoryItem>;

export const GoalHistoryList = page(GoalHistoryItem, "GoalHistoryList");

export const GoalHistoryQuery = strict({
  start_date: date.optional().describe("The first local day, in the goal's zone; there is no default"),
  end_date: date.optional().describe("The last local day"),
  ...paging,
});
export type GoalHistoryQuery = z.infer<typeof GoalHistoryQuery>;

const cursor = z.tuple([instant, uuid]);

/**
 * What a goal was worth and what happened to it, the latest first.
 * @throws {DomainError} `not_found`; `invalid` for dates in the wrong order or a cursor that is none of this list
 */
export async function goalHistory(
  ctx: Needs<"db">,
  caller: Caller,
  id: string,
  { start_date, end_date, ...paged }: GoalHistoryQuery,
): Promise<Page<GoalHistoryItem>> {
  if (start_date !== undefined && end_date !== undefined && end_date < start_date) {
    throw invalid("/query/end_date", `must not be before start_date, ${start_date}`);
  }
  const place = placeOf(paged, cursor);
  const goal = visible(await findGoal(ctx.db, id), caller);
  const filter = { goal, start_date: start_date ?? null, end_date: end_date ?? null };
  const rows = await listGoalHistory(ctx.db, filter, { ...place, limit: place.limit + 1 });
  const total = knownTotal(rows.length, place) ?? { total: await countGoalHistory(ctx.db, filter) };
  const shown = seesAll(caller) ? rows : rows.map((row) => ({ ...row, recorded_by: null }));
  return pageOf(shown, place, total, (item) => [item.at, item.id]);
}
