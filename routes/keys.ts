import { createRoute, z } from "@hono/zod-openapi";
import type { Ctx } from "../services/context.ts";
import { createKey, getKey, listKeys, revokeKey } from "../services/keys/mod.ts";
import { ApiKeyCreate, ApiKeyCreated, ApiKeyPage, ApiKeyQuery, keyId } from "../services/keys/schema.ts";
import { linkHeader } from "../services/paging.ts";
import { type App, BASE, body, bodyProblems, json, noQuery, problems, signedIn, tags } from "./kit.ts";
import { once } from "./once.ts";

const keyPath = z.strictObject({ key_id: keyId.openapi({ param: { name: "key_id", in: "path" } }) });

/** API keys, for who has the scope `admin`. */
export function keyRoutes(app: App, ctx: Ctx): void {
  app.openapi(
    createRoute({
      method: "post",
      path: `${BASE}/keys`,
      operationId: "createApiKey",
      summary: "Make an API key, shown this once",
      tags: tags("keys", "extension"),
      security: signedIn,
      request: { query: noQuery, body: body(ApiKeyCreate, "What the key is for and what it may do") },
      responses: { 201: json(ApiKeyCreated, "The key; keep it now"), ...problems(...bodyProblems) },
    }),
    (c) => {
      // The key itself is in this closure alone: what is stored for a replay is its id.
      let made: ApiKeyCreated | undefined;
      return once(c, ctx, async (ctx) => {
        made = await createKey(ctx, c.env.caller, c.req.valid("json"));
        return { status: 201, resource: made.id };
      }, async (id) => made ?? { ...await getKey(ctx, c.env.caller, id), key: null });
    },
  );

  app.openapi(
    createRoute({
      method: "get",
      path: `${BASE}/keys`,
      operationId: "listApiKeys",
      summary: "API keys, newest first, without their secrets",
      tags: tags("keys", "extension"),
      security: signedIn,
      request: { query: ApiKeyQuery },
      responses: { 200: json(ApiKeyPage, "A page of the keys"), ...problems() },
    }),
    async (c) => {
      const found = await listKeys(ctx, c.env.caller, c.req.valid("query"));
      c.header("cache-control", "no-store");
      c.header("link", linkHeader(c.req.url, found.next_cursor));
      return c.json(found, 200);
    },
  );

  app.openapi(
    createRoute({
      method: "delete",
      path: `${BASE}/keys/{key_id}`,
      operationId: "revokeApiKey",
      summary: "Revoke an API key for good; every instance refuses it within a second",
      tags: tags("keys", "extension"),
      security: signedIn,
      request: { query: noQuery, params: keyPath },
      responses: { 204: { description: "It is revoked" }, ...problems(404) },
    }),
    async (c) => {
      await revokeKey(ctx, c.env.caller, c.req.valid("param").key_id);
      return c.body(null, 204);
    },
  );
}
