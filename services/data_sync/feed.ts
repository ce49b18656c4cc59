import { z } from "@hono/zod-openapi";
import { RunFailure } from "../ports/handlers.ts";
import { type Outbound, type OutboundAnswer, OutboundFailure } from "../ports/outbound.ts";
import { isStorable } from "../schema.ts";
import { VERSION } from "../version.ts";

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

/** Bytes of a page, after decompression. */
export const PAGE_BYTES = 10 * 1024 * 1024;
const CURSOR_LENGTH = 2_000;

const Answer = z.looseObject({
  items: z.array(z.unknown()).max(10_000),
  next_cursor: z.string().min(1).max(CURSOR_LENGTH).refine(isStorable).nullish(),
});

/**
 * Fetches one page of a metrics feed, bounded in time and size; redirects only within its origin.
 * @throws {RunFailure} whose code says what the feed did
 */
export async function fetchPage(outbound: Outbound, query: PageQuery): Promise<Page> {
  const { status, body, complete } = await answerTo(outbound, query);
  if (status < 200 || status > 299) throw failure("feed_refused", `answered ${status}`);
  if (complete) return parsed(body);
  if (body.byteLength >= PAGE_BYTES) throw failure("feed_too_large", `sent a page of more than ${PAGE_BYTES} bytes`);
  throw failure("feed_broke_off", "sent a page that broke off, or came in a coding that was not asked for");
}

/** What it did reads on after the name of the service. */
const failure = (code: string, did: string, cause?: unknown) =>
  new RunFailure(code, `The feed ${did}`, { retry: "again", ...(cause === undefined ? {} : { cause }) });

const FAILURES: Record<OutboundFailure["code"], string> = {
  url_not_allowed: "feed_not_allowed",
  redirected: "feed_redirected",
  timeout: "feed_timeout",
  unreachable: "feed_unreachable",
};

async function answerTo(outbound: Outbound, query: PageQuery): Promise<OutboundAnswer> {
  try {
    return await outbound(feedUrl(query), {
      ...{ method: "GET", named_by: "configuration", most_bytes: PAGE_BYTES, signal: query.signal },
      headers: { "accept": "application/json", "user-agent": `analytics/${VERSION}` },
      secrets: query.token === undefined ? {} : { authorization: `Bearer ${query.token}` },
    });
  } catch (cause) {
    if (!(cause instanceof OutboundFailure)) throw cause;
    throw failure(FAILURES[cause.code], cause.message, cause);
  }
}

function feedUrl({ base, updated_after, cursor, limit }: PageQuery): URL {
  const url = new URL(`${base.replace(/[?#].*$/, "").replace(/\/+$/, "")}/metrics-feed`);
  if (updated_after !== null) url.searchParams.set("updated_after", updated_after);
  if (cursor !== null) url.searchParams.set("cursor", cursor);
  url.searchParams.set("limit", String(limit));
  return url;
}

function parsed(body: Uint8Array): Page {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (cause) {
    throw failure("feed_garbage", "sent what is not JSON in UTF-8", cause);
  }
  const answer = Answer.safeParse(json);
  if (!answer.success) {
    throw failure("feed_garbage", 'sent what is not { "items": [...], "next_cursor": text or null }');
  }
  return { items: answer.data.items, next_cursor: answer.data.next_cursor ?? null };
}
