import { HTTPException } from "hono/http-exception";
import { z } from "@hono/zod-openapi";
import { fieldErrors } from "../services/field_errors.ts";
import {
  DatabaseUnavailable,
  DomainError,
  type ErrorCode,
  type FieldError,
  sqlState,
  StatementTimeout,
} from "../services/errors.ts";

/** The only place that knows HTTP errors: RFC 9457 problem documents. */
export const Problem = z.strictObject({
  type: z.string().openapi({ example: "urn:problem:invalid" }),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  instance: z.string().describe("The path that was asked for"),
  request_id: z.string(),
  errors: z.array(z.strictObject({ pointer: z.string(), detail: z.string() })).optional()
    .describe("What is wrong, each with a JSON pointer into the body, or /query/NAME, /path/NAME, /header/NAME"),
}).openapi("Problem");

type Kind = ErrorCode | "malformed" | "no_route" | "method" | "media_type" | "slow_body" | "internal";

const KINDS: Record<Kind, { status: number; title: string; retry?: number }> = {
  malformed: { status: 400, title: "Malformed request" },
  unauthenticated: { status: 401, title: "Authentication needed" },
  forbidden: { status: 403, title: "Not allowed" },
  not_found: { status: 404, title: "Not found" },
  no_route: { status: 404, title: "No such route" },
  method: { status: 405, title: "Method not allowed" },
  slow_body: { status: 408, title: "The body did not arrive in time" },
  conflict: { status: 409, title: "Conflict" },
  invalid_state: { status: 409, title: "Not possible in this state" },
  not_ready: { status: 409, title: "Not ready yet", retry: 1 },
  not_configured: { status: 409, title: "Not configured" },
  gone: { status: 410, title: "Gone" },
  precondition_failed: { status: 412, title: "Changed in the meantime" },
  too_large: { status: 413, title: "Too large" },
  media_type: { status: 415, title: "Media type not supported" },
  invalid: { status: 422, title: "Not valid" },
  too_many: { status: 429, title: "Too many requests", retry: 1 },
  internal: { status: 500, title: "Something failed here" },
  unavailable: { status: 503, title: "Not available now", retry: 1 },
  timeout: { status: 504, title: "Took too long" },
};

/** Where a problem happened. */
export type At = { request_id: string; instance: string };

type More = { errors?: FieldError[]; headers?: Record<string, string> };

/** A problem document as an answer. */
export function problem(kind: Kind, detail: string, at: At, { errors, headers }: More = {}): Response {
  const { status, title, retry } = KINDS[kind];
  const body = { type: `urn:problem:${kind}`, title, status, detail, ...at, ...(errors?.length ? { errors } : {}) };
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      ...(retry === undefined ? {} : { "retry-after": String(retry) }),
      ...(status === 401 ? { "www-authenticate": "Bearer" } : {}),
      ...headers,
    },
  });
}

/** What a thrown value means to the caller. `report` hears of those that are our own failure. */
export function toProblem(error: unknown, at: At, report: (error: unknown) => void): Response {
  if (error instanceof DomainError) return problem(error.code, error.message, at, { errors: error.errors });
  if (error instanceof HTTPException) return problem("malformed", error.message, at);
  if (error instanceof DatabaseUnavailable) {
    report(error);
    return problem("unavailable", "The database cannot be reached; try again", at);
  }
  if (error instanceof StatementTimeout) {
    report(error);
    return problem("timeout", "The answer took too long; ask for less", at);
  }
  report(error);
  // Class 22 is the database refusing a value: the caller's doing, even where a schema should have said it first.
  if (sqlState(error)?.startsWith("22")) return problem("invalid", "A value cannot be stored", at);
  return problem("internal", "The request failed; quote the request_id when you report it", at);
}

/** Schema violations as a 422, each with its place. */
export function violations(error: z.ZodError, target: string): DomainError {
  const prefix = target === "json" ? "" : target === "param" ? "/path" : `/${target}`;
  return new DomainError("invalid", "The request is not valid", { errors: fieldErrors(error, prefix).slice(0, 100) });
}
