import { integer, text, uuid } from "drizzle-orm/pg-core";
import { edits, id, ops } from "./columns.ts";

/** One report to one recipient, and what the recipient's server answered. */
export const deliveries = ops.table("deliveries", {
  id: id(),
  report_id: uuid().notNull(),
  run_id: uuid(),
  recipient: text().notNull(),
  state: text({ enum: ["queued", "sending", "sent", "rejected", "deferred", "unknown"] }).notNull().default("queued"),
  message_id: text().notNull(),
  server_answer: text(),
  attempt: integer().notNull().default(0),
  ...edits(),
});
