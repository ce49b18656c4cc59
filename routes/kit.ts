import { OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";
import type { Caller } from "../services/access.ts";
import { strict, uuid } from "../services/schema.ts";
import { Problem, violations } from "./problem.ts";

/** What the door found out about a request before any route saw it; `c.env` in every handler. */
export type Exchange = {
  caller: Caller;
  request_id: string;
  body: string | undefined;
  /** How much of the rate limit is left, as a header says it; empty before that is known. */
  ratelimit: string;
  /** Whether the answer has the headers of every answer already; else the door adds them. */
  complete: boolean;
};

/** On every answer; pages bring a content policy of their own. */
export const SECURITY = {
  "x-content-type-options": "nosniff",
  "cross-origin-resource-policy": "same-origin",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
};
export type AppEnv = { Bindings: Exchange };
export type App = OpenAPIHono<AppEnv>;
export type C = Context<AppEnv>;

export const BASE = "/api/v1";

/** What answers a request before the router, or null where it is none of its own. */
export type Lane = (req: Request, exchange: Exchange, path: string) => Promise<Response> | null;

/** A router whose schema violations become 422 problems. A trailing slash makes no difference. */
export function router(): App {
  return new OpenAPIHono<AppEnv>({
    strict: false,
    defaultHook: (result) => {
      if (!result.success) throw violations(result.error, result.target);
    },
  });
}

/** The tag of an operation: one of the source's endpoints, its scaffold, or beyond. */
export const tags = (resource: string, origin: "seed" | "scaffold" | "extension") => [resource, origin];

/** Writing: a token, where tokens are asked for. */
export const signedIn = [{ bearer: [] }];
/** Reading: public unless `PUBLIC_READS=false`; a token shows more. */
export const publicRead = [{}, { bearer: [] }];

/** A path parameter that is a UUID. */
export const pathId = <Name extends string>(name: Name) =>
  z.strictObject({ [name]: uuid.openapi({ param: { name, in: "path" } }) } as { [Key in Name]: typeof uuid });

/** The query of a route that takes none: an unknown name is still refused. */
export const noQuery = strict({});

/** A required JSON body. */
export const body = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  required: true,
  content: { "application/json": { schema } },
});

/** Before a route whose body is optional: who names a content type and sends nothing means no body. */
export const mayBeEmpty: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (c.env.body === undefined) c.req.raw.headers.delete("content-type");
  await next();
};

/** A JSON answer. */
export const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { "application/json": { schema } },
});

const refusals = {
  400: "The request is malformed",
  401: "A token is needed, or this one is not good",
  403: "The token may not do this",
  404: "There is no such thing",
  408: "The body did not arrive in time",
  409: "Not possible in this state, or a concurrent request with the same key",
  410: "It is gone",
  412: "It changed in the meantime",
  413: "The body is too large",
  415: "The media type is not supported",
  422: "The request is not valid",
  429: "Too many requests",
  503: "Not available now",
  504: "It took too long",
} as const;
type Refusal = keyof typeof refusals;
type ProblemAnswer = { description: string; content: { "application/problem+json": { schema: typeof Problem } } };

/** The problems a route may answer; those that any route may answer come by themselves. */
export function problems<Status extends Refusal>(...statuses: Status[]) {
  const all = [...statuses, 400, 401, 403, 422, 429, 503, 504] as Refusal[];
  return Object.fromEntries(all.map((status) => [status, {
    description: refusals[status],
    content: { "application/problem+json": { schema: Problem } },
  }])) as Record<Status | 400 | 401 | 403 | 422 | 429 | 503 | 504, ProblemAnswer>;
}

/** The problems of every route that reads a body. */
export const bodyProblems = [408, 409, 413, 415] as const;

/** What a conditional read answers where the caller's copy is still good. */
export const notModified = { 304: { description: "Your copy is still good" } };

/** Header of a conditional read. */
export const ifNoneMatch = z.object({ "if-none-match": z.string().max(1000).optional() });
/** Header of a guarded write. */
export const ifMatch = z.object({ "if-match": z.string().max(1000).optional() });

const CONDITIONAL = { "cache-control": "private, no-cache", "vary": "authorization, accept" };

/**
 * Sets the strong ETag of an answer and tells whether the caller already has it.
 * @param tag what the answer depends on: version, projection, and the local date where it matters
 */
export function isFresh(c: C, tag: string): boolean {
  c.header("etag", `"${tag}"`);
  for (const [name, value] of Object.entries(CONDITIONAL)) c.header(name, value);
  return holds(c.req.header("if-none-match"), tag);
}

/** An answer that depends on who asks, and that the next write may change. */
export function privately(c: C): void {
  for (const [name, value] of Object.entries(CONDITIONAL)) c.header(name, value);
}

/**
 * A conditional read, answered in one piece with the headers of every answer: Deno takes a literal record of headers the
 * short way, where headers that are touched afterwards cost as much as everything else that the door does.
 * @param held the caller's If-None-Match
 * @param text the JSON
 * @param link the Link header of a page, if it is one
 */
export function conditionalJson(
  exchange: Exchange,
  held: string | null | undefined,
  tag: string,
  text: string,
  link?: string,
): Response {
  const fresh = holds(held, tag);
  exchange.complete = true;
  const headers: Record<string, string> = {
    "content-type": "application/json",
    "etag": `"${tag}"`,
    "cache-control": CONDITIONAL["cache-control"],
    "vary": CONDITIONAL["vary"],
    "x-content-type-options": SECURITY["x-content-type-options"], // the other two say nothing about JSON
    "x-request-id": exchange.request_id,
    "ratelimit": exchange.ratelimit,
  };
  if (link !== undefined) headers["link"] = link;
  return new Response(fresh ? null : text, { status: fresh ? 304 : 200, headers });
}

/** Whether an If-None-Match names the tag. Compression by a proxy makes our tag weak; the bytes behind it are the same. */
function holds(held: string | null | undefined, tag: string): boolean {
  if (held === null || held === undefined) return false;
  return held === "*" || held.split(",").some((one) => one.trim().replace(/^W\//, "") === `"${tag}"`);
}

/** The version that `If-Match` insists on, null where the caller does not care, or -1 for a tag that is none of ours. */
export function expectedVersion(c: C): number | null {
  const tag = c.req.header("if-match")?.trim();
  if (tag === undefined || tag === "*") return null;
  const version = /^"(\d{1,9})[."]/.exec(tag)?.[1];
  return version === undefined ? -1 : Number(version);
}

/** Part of every ETag: which projection of the row the caller sees. */
export const projection = (caller: Caller) => caller.kind === "anonymous" ? "p" : "f";
