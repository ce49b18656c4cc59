import { z } from "@hono/zod-openapi";
import { CALLABLE, isCallable } from "../outbound/target.ts";
import { isStorable, strict, text } from "../schema.ts";

/** What a webhook sends, and where. Whoever may read the job can read all of it, so it holds no secret. */

/** Bytes that a configured body may have as JSON. */
export const BODY_BYTES = 64 * 1024;
const BODY_DEPTH = 32;
const HEADERS = 20;

const TOKEN = "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$";
const HTTP = /^[hH][tT][tT][pP][sS]?:\/\//; // without flags, which the document cannot say
const VISIBLE = /^[\x20-\x7e]*$/;

/** Headers that the exchange itself owns, that describe the body, or that hold secrets, which do not belong in a row. */
const OWNED = new Set([
  ...["host", "connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "expect"],
  ...["content-length", "content-type", "content-encoding", "accept-encoding"],
  ...["authorization", "cookie"],
]);

const header = z.string().regex(new RegExp(TOKEN), "must be the name of a header").refine(
  (name) => !OWNED.has(name.toLowerCase()) && !/^(webhook|proxy)-/i.test(name),
  "is a header that the service sets itself, or one for secrets: others can read the job, and the signature is what " +
    "the receiver knows us by",
);

const headers = z.record(header, z.string().max(1_000).regex(VISIBLE, "must be visible ASCII"))
  .refine((given) => Object.keys(given).length <= HEADERS, `must have at most ${HEADERS} names`)
  // Limits of free names, which the types of the document's writer lack.
  .openapi({ ...{ maxProperties: HEADERS, propertyNames: { pattern: TOKEN } } });

const isHttpUrl = (given: string) => {
  const url = URL.parse(given);
  return url !== null && isCallable(url);
};

export const WebhookConfig = strict({
  handler: z.literal("webhook").describe("webhook sends a signed request to a URL"),
  url: text(2_000).regex(HTTP, CALLABLE).refine(isHttpUrl, CALLABLE).openapi({ format: "uri" })
    .describe("A public address, or a host of OUTBOUND_ALLOWED_HOSTS"),
  method: z.enum(["POST", "PUT"]).optional().describe("POST when absent"),
  headers: headers.optional().describe("Sent beside ours; everybody who may read the job can read them"),
  body: z.unknown().optional()
    .refine((body) => isStorableJson(body, BODY_DEPTH), {
      ...{ message: `must nest at most ${BODY_DEPTH} deep, without NUL or a lone surrogate`, abort: true },
    })
    .refine((body) => jsonBytes(body) <= BODY_BYTES, `must have at most ${BODY_BYTES} bytes`)
    .describe("Any JSON, sent as `body` beside what the run is"),
}).openapi("WebhookConfig", {
  example: { handler: "webhook", url: "https://example.org/hooks/nightly", body: { report: "nightly" } },
});
export type WebhookConfig = z.infer<typeof WebhookConfig>;

function isStorableJson(value: unknown, depth: number): boolean {
  if (typeof value === "string") return isStorable(value);
  if (typeof value !== "object" || value === null) return true;
  return depth > 0 &&
    Object.entries(value).every(([name, inner]) => isStorable(name) && isStorableJson(inner, depth - 1));
}

const jsonBytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value ?? null)).byteLength;
