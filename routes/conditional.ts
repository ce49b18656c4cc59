import type { TypedResponse } from "hono";
import type { JSONParsed } from "hono/utils/types";
import { linkHeader } from "../services/paging.ts";
import { type C, isFresh, projection } from "./kit.ts";

type Whole<Value> = Response & TypedResponse<JSONParsed<Value>, 200, "json">;
type Conditional<Value> = Whole<Value> | (Response & TypedResponse<null, 304, "body">);

/** Answers a read of one row: its ETag is the row's version, and which projection of it the caller sees. */
export function versioned<Value extends { version: number }>(c: C, value: Value): Conditional<Value> {
  if (isFresh(c, `${value.version}.${projection(c.env.caller)}`)) return c.body(null, 304);
  return whole<Value>(c, JSON.stringify(value));
}

/** Answers a read that no single version tells: its ETag is a digest of its JSON, which is written once. */
export async function digested<Value>(c: C, value: Value): Promise<Conditional<Value>> {
  const text = JSON.stringify(value);
  if (isFresh(c, await digest(text))) return c.body(null, 304);
  return whole<Value>(c, text);
}

/** The same for a page of a list, with the links to its first and next one. */
export async function listed<Page extends { next_cursor: string | null }>(
  c: C,
  page: Page,
): Promise<Conditional<Page>> {
  c.header("link", linkHeader(c.req.url, page.next_cursor));
  return await digested(c, page);
}

/** The body is text already; its type is what was serialised. */
function whole<Value>(c: C, text: string): Whole<Value> {
  c.header("content-type", "application/json");
  return c.body(text, 200) as unknown as Whole<Value>;
}

/** The first 128 bits of SHA-256, in hexadecimal. */
async function digest(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(bytes).toHex().slice(0, 32);
}
