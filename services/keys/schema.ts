import { z } from "@hono/zod-openapi";
import { SCOPES } from "../access.ts";
import { page, paging } from "../paging.ts";
import { instant, strict, text, uuid } from "../schema.ts";

const scopes = z.array(z.enum(SCOPES)).min(1).max(SCOPES.length);

export const ApiKeyCreate = strict({
  name: text(255).describe("What the key is for"),
  caller_id: uuid.optional().describe("Who writes with it; you, unless you have the scope act_as"),
  scopes: scopes.default(["read", "write"]).describe("What it may do; only what you may do yourself"),
  expires_at: instant.nullable().default(null).describe("When it ends; null is never"),
}).openapi("ApiKeyCreate");
export type ApiKeyCreate = z.infer<typeof ApiKeyCreate>;

export const ApiKeyResponse = z.strictObject({
  id: z.string().describe("The public part of the key"),
  name: z.string(),
  caller_id: uuid,
  scopes: z.array(z.enum(SCOPES)),
  expires_at: instant.nullable(),
  revoked_at: instant.nullable(),
  last_used_at: instant.nullable().describe("To the minute"),
  created_at: instant,
}).openapi("ApiKeyResponse");
export type ApiKeyResponse = z.infer<typeof ApiKeyResponse>;

export const ApiKeyCreated = z.strictObject({
  ...ApiKeyResponse.shape,
  key: z.string().nullable().describe("The key itself, this once; null when an Idempotency-Key replays the answer"),
}).openapi("ApiKeyCreated");
export type ApiKeyCreated = z.infer<typeof ApiKeyCreated>;

/** The id of a key in a path. */
export const keyId = z.string().regex(/^[0-9A-Za-z]{12}$/);

export const ApiKeyQuery = strict(paging);
export type ApiKeyQuery = z.infer<typeof ApiKeyQuery>;
export const ApiKeyPage = page(ApiKeyResponse, "ApiKeyPage");

/** What the list is ordered by: `created_at` and id. */
export const KeyOrder = z.tuple([instant, keyId]);
