import { integer, primaryKey, text } from "drizzle-orm/pg-core";
import { bytea, instantNow, ops } from "./columns.ts";

/** Answers to replay when a request comes again. */
export const idempotency_keys = ops.table("idempotency_keys", {
  caller: text().notNull(),
  key: text().notNull(),
  request_sha256: bytea().notNull(),
  status: integer().notNull(),
  resource: text(),
  location: text(),
  body: text(),
  created_at: instantNow(),
}, (t) => [primaryKey({ columns: [t.caller, t.key] })]);
