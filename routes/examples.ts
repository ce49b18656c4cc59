import { createRoute } from "@hono/zod-openapi";
import { getExample, listExamples } from "../services/examples/mod.ts";
import { Example, Examples } from "../services/examples/schema.ts";
import { strict, text } from "../services/schema.ts";
import { type App, BASE, type C, json, noQuery, problems, publicRead, tags } from "./kit.ts";

/** Runnable examples, the quick start first. */
export function exampleRoutes(app: App): void {
  app.openapi(
    createRoute({
      method: "get",
      path: `${BASE}/examples`,
      operationId: "listExamples",
      summary: "Runnable examples, each with its answer",
      tags: tags("examples", "scaffold"),
      security: publicRead,
      request: { query: noQuery },
      responses: { 200: json(Examples, "All of them"), ...problems() },
    }),
    (c) => c.json({ items: listExamples(origin(c)) }, 200),
  );

  app.openapi(
    createRoute({
      method: "get",
      path: `${BASE}/examples/{name}`,
      operationId: "getExample",
      summary: "One example",
      tags: tags("examples", "scaffold"),
      security: publicRead,
      request: { query: noQuery, params: strict({ name: text(100) }) },
      responses: { 200: json(Example, "The example"), ...problems(404) },
    }),
    (c) => c.json(getExample(c.req.valid("param").name, origin(c)), 200),
  );
}

/** Where the caller reached us, so that a pasted example reaches the same place. */
const origin = (c: C) => new URL(c.req.url).origin;
