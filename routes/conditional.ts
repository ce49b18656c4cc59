import { createHash } from "node:crypto";
import type { TypedResponse } from "hono";
import type { JSONParsed } from "hono/utils/types";
import { linkHeader } from "../services/paging.ts";
import { type C, conditionalJson, projection } from "./kit.ts";

/** What a conditional read answers: the value, or that the caller has it. */
type Conditional<Value> =
  | (Response & TypedResponse<JSONParsed<Value>, 200, "json">)
  | (Response & TypedResponse<null, 304, "body">);

/** Answers a read of one row: its ETag is the row's version, and which projection of it the caller sees. */
export function versioned<Value extends { version: number }>(c: C, value: Value): Conditional<Value> {
  return answered(c, `${value.version}.${projection(c.env.caller)}`, JSON.stringify(value));
}

/** Answers a read that no single version tells: its ETag is a digest of its JSON. */
export function digested<Value>(c: C, value: Value): Conditional<Value> {
  const text = JSON.stringify(value);
  return answered(c, digest(text), text);
}

/** The same for a page of a list, with the links to its first and next one. */
export function listed<Page extends { next_cursor: string | null }>(c: C, page: Page): Conditional<Page> {
  const text = JSON.stringify(page);
  return answered(c, digest(text), text, linkHeader(c.req.url, page.next_cursor));
}

/** The body is text already; its type is what was serialised. */
function answered<Value>(c: C, tag: string, text: string, link?: string): Conditional<Value> {
  return conditionalJson(c.env, c.req.header("if-none-match"), tag, text, link) as Conditional<Value>;
}

/** The first 128 bits of SHA-256, in hexadecimal. Web Crypto takes six times as long for a page of 20 kB. */
const digest = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 32);
