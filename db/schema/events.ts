import { jsonb, text, uuid } from "drizzle-orm/pg-core";
import { id, instantNow, type JsonObject, ops } from "./columns.ts";

/** What happened that somebody may want to hear of. */
export const events = ops.table("events", {
  id: id(),
  kind: text().notNull(),
  subject_id: uuid(),
  detail: jsonb().$type<JsonObject>().notNull().default({}),
  created_at: instantNow(),
});
