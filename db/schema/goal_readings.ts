import { doublePrecision, text, uuid } from "drizzle-orm/pg-core";
import { id, instantNow, ops } from "./columns.ts";

/** Every value a goal has had; append-only. */
export const goal_readings = ops.table("goal_readings", {
  id: id(),
  goal_id: uuid().notNull(),
  value: doublePrecision().notNull(),
  progress_percentage: doublePrecision().notNull(),
  source: text({ enum: ["manual", "metrics"] }).notNull(),
  recorded_by: uuid(),
  recorded_at: instantNow(),
});
