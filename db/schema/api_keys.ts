import { text, uuid } from "drizzle-orm/pg-core";
import { bytea, instant, instantNow, ops } from "./columns.ts";

/** Tokens of callers; of the secret only its digest. */
export const api_keys = ops.table("api_keys", {
  id: text().primaryKey(),
  name: text().notNull(),
  secret_sha256: bytea().notNull(),
  caller_id: uuid().notNull(),
  scopes: text().array().notNull(),
  expires_at: instant(),
  revoked_at: instant(),
  last_used_at: instant(),
  created_at: instantNow(),
});
