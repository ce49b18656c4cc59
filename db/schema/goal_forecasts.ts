import { date, jsonb, text, uuid } from "drizzle-orm/pg-core";
import { instantNow, type JsonObject, ops } from "./columns.ts";

/** What the last update found out about how each goal will end. */
export const goal_forecasts = ops.table("goal_forecasts", {
  goal_id: uuid().primaryKey(),
  inputs: text().notNull(),
  data_version: text().notNull(),
  as_of: date({ mode: "string" }).notNull(),
  answer: jsonb().$type<JsonObject>().notNull(),
  computed_at: instantNow(),
});
