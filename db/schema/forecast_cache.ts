import { jsonb, text } from "drizzle-orm/pg-core";
import { instantNow, type JsonObject, ops } from "./columns.ts";

/** Forecasts that were computed already, by what was asked and the version of what it was computed from. */
export const forecast_cache = ops.table("forecast_cache", {
  key: text().primaryKey(),
  data_version: text().notNull(),
  answer: jsonb().$type<JsonObject>().notNull(),
  computed_at: instantNow(),
});
