import { z } from "@hono/zod-openapi";
import type { Needs } from "../context.ts";
import type { Fetch } from "../ports/fetch.ts";
import { RunFailure } from "../ports/handlers.ts";
import { isStorable } from "../schema.ts";

/** What to ask a metrics feed for. `base` is the service's URL; the feed lies at `metrics-feed` below it. */
export type PageQuery = {
  base: string;
  token: string | undefined;
  updated_after: string | null;
  cursor: string | null;
  limit: number;
  signal: AbortSignal;
};

/** One page: rows as they came, unknown until ingested, and where the next page begins; null after the last. */
export type Page = { items: unknown[]; next_cursor: string | null };

export const PAGE_BYTES = 10 * 1024 * 1024;
export const PAGE_MS = 10_000;
const REDIRECTS = 3;
const CURSOR_LENGTH = 2_000;

const Answer = z.looseObject({
  items: z.array(z.unknown()).max(10_000),
  next_cursor: z.string().min(1).max(CURSOR_LENGTH).refine(isStorable).nullish(),
});

/**
 * Fetches one page of a metrics feed, bounded in time and size; redirects only within its origin.
 * @throws {RunFailure} whose code says what the feed did
 */
export async function fetchPage(ctx: Needs<"clock">, fetch: Fetch, query: PageQuery): Promise<Page> {
  const over = new AbortController();
  const late = new AbortController();
  const timer = ctx.clock.sleep(PAGE_MS, over.signal).then(() => {
    if (!over.signal.aborted) late.abort();
  });
  const signal = AbortSignal.any([query.signal, late.signal]);
  try {
    return parsed(await exchange(fetch, query, signal));
  } catch (cause) {
    query.signal.throwIfAborted();
    if (late.signal.aborted) throw failure("feed_timeout", `did not answer within ${PAGE_MS / 1000} s`);
    if (cause instanceof RunFailure) throw cause;
    throw failure("feed_unreachable", "could not be reached", cause);
  } finally {
    over.abort();
    await timer;
  }
}

/** What it did reads on after the name of the service. */
const failure = (code: string, did: string, cause?: unknown) =>
  new RunFailure(code, `The feed ${did}`, { retry: "again", ...(cause === undefined ? {} : { cause }) });

async function exchange(fetch: Fetch, query: PageQuery, signal: AbortSignal): Promise<string> {
  let url = feedUrl(query);
  const headers: Record<string, string> = { accept: "application/json" };
  if (query.token !== undefined) headers["authorization"] = `Bearer ${query.token}`;
  for (let hops = 0; hops <= REDIRECTS; hops++) {
    const response = await fetch(url, { headers, signal, redirect: "manual" });
    const target = response.status >= 300 && response.status < 400 ? response.headers.get("location") : null;
    if (target === null) return await textOf(response, signal);
    await response.body?.cancel();
    const next = URL.parse(target, url);
    if (next === null || next.origin !== url.origin) {
      throw failure("feed_redirected", "redirected to another origin, where the token must not go");
    }
    url = next;
  }
  throw failure("feed_redirected", `redirected more than ${REDIRECTS} times`);
}

function feedUrl({ base, updated_after, cursor, limit }: PageQuery): URL {
  const url = new URL(`${base.replace(/[?#].*$/, "").replace(/\/+$/, "")}/metrics-feed`);
  if (updated_after !== null) url.searchParams.set("updated_after", updated_after);
  if (cursor !== null) url.searchParams.set("cursor", cursor);
  url.searchParams.set("limit", String(limit));
  return url;
}

async function textOf(response: Response, signal: AbortSignal): Promise<string> {
  const { body } = response;
  if (!response.ok || body === null) {
    await body?.cancel();
    throw failure("feed_refused", `answered ${response.status}`);
  }
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let size = 0;
  for await (const chunk of body) {
    signal.throwIfAborted();
    size += chunk.byteLength;
    if (size > PAGE_BYTES) throw failure("feed_too_large", `sent a page of more than ${PAGE_BYTES} bytes`);
    text += decode(decoder, chunk);
  }
  return text + decode(decoder);
}

function decode(decoder: TextDecoder, chunk?: Uint8Array<ArrayBuffer>): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch (cause) {
    throw failure("feed_garbage", "sent what is not UTF-8", cause);
  }
}

function parsed(text: string): Page {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw failure("feed_garbage", "sent what is not JSON", cause);
  }
  const answer = Answer.safeParse(json);
  if (!answer.success) {
    throw failure("feed_garbage", 'sent what is not { "items": [...], "next_cursor": text or null }');
  }
  return { items: answer.data.items, next_cursor: answer.data.next_cursor ?? null };
}
