import { text } from "drizzle-orm/pg-core";
import { instantNow, ops } from "./columns.ts";

/** Facts that belong to the stored metrics rather than to a process. */
export const settings = ops.table("settings", {
  key: text().primaryKey(),
  value: text().notNull(),
  updated_at: instantNow(),
});
