import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { openApiDocument } from "../../routes/openapi.ts";
import { documentedApp } from "../support/app.ts";

type Operation = {
  operationId: string;
  summary: string;
  tags: string[];
  security: object[];
  responses: Record<string, unknown>;
};
const document: { paths: Record<string, Record<string, Operation>> } = JSON.parse(openApiDocument(documentedApp()));
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    method,
    path,
    operation,
    title: `${method.toUpperCase()} ${path}`,
  }))
);

Deno.test("every operation has an id of its own, a summary, and one tag of its origin", () => {
  equal(new Set(operations.map(({ operation }) => operation.operationId)).size, operations.length);
  for (const { operation, title } of operations) {
    ok(operation.summary.length > 5, title);
    equal(operation.tags.filter((tag) => ["seed", "scaffold", "extension"].includes(tag)).length, 1, title);
  }
});

Deno.test("what an operation says of tokens is what the door does: reading is public, all else is not", () => {
  for (const { method, operation, title } of operations) {
    equal(
      operation.security,
      method === "get" && !title.includes("/keys") ? [{}, { bearer: [] }] : [{ bearer: [] }],
      title,
    );
  }
});

Deno.test("every operation documents the problems that any request may meet", () => {
  for (const { operation, title } of operations) {
    for (const status of ["400", "401", "403", "422", "429", "503", "504"]) {
      ok(status in operation.responses, `${title}: ${status}`);
    }
  }
});

Deno.test("every operation that takes a body documents how a body is refused", () => {
  for (const { method, operation, title } of operations) {
    if (method !== "post" && method !== "put") continue;
    for (const status of ["408", "413", "415"]) ok(status in operation.responses, `${title}: ${status}`);
  }
});
