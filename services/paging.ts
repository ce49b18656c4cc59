import { z } from "@hono/zod-openapi";
import { invalid } from "./errors.ts";
import { text } from "./schema.ts";

/** Items that a list leaves out, at most; the cursor goes on from there. */
export const MOST_SKIPPED = 10_000;
/** Items of one page, at most. */
export const MOST_ITEMS = 1_000;
const DEFAULT_LIMIT = 100;

/** A whole number in a query. */
export function queryInteger(min: number, max: number) {
  const legal = `must be a whole number from ${min} to ${max}`;
  return z.string().regex(/^\d{1,9}$/, legal).transform(Number).refine((n) => n >= min && n <= max, legal)
    .openapi({ type: "integer", minimum: min, maximum: max });
}

/** A boolean in a query. */
export const queryFlag = z.enum(["true", "false"]).transform((word) => word === "true").openapi({ type: "boolean" });

/** The query of every list. */
export const paging = {
  skip: queryInteger(0, MOST_SKIPPED).optional()
    .describe(`Items to leave out, 0 when absent; beyond ${MOST_SKIPPED} go on with the cursor`),
  limit: queryInteger(1, MOST_ITEMS).optional().describe(`Items to answer, ${DEFAULT_LIMIT} when absent`),
  cursor: text(500).optional().describe("next_cursor of the page before, instead of skip"),
};

/** Where a page begins: after so many items, or after the item whose keys these are. */
export type Place<Keys> = { skip: number; limit: number; after: Keys | null };

type AskedPage = { skip?: number | undefined; limit?: number | undefined; cursor?: string | undefined };

/**
 * Reads the paging of a query.
 * @param keys the schema of what the list is ordered by, as `cursorOf` got it
 * @throws {DomainError} `invalid` for a cursor that is none of this list, or one beside skip
 */
export function placeOf<Keys>(
  { skip = 0, limit = DEFAULT_LIMIT, cursor }: AskedPage,
  keys: z.ZodType<Keys>,
): Place<Keys> {
  if (cursor === undefined) return { skip, limit, after: null };
  if (skip > 0) throw invalid("/query/skip", "cannot stand beside a cursor");
  const parsed = keys.safeParse(decode(cursor));
  if (!parsed.success) throw invalid("/query/cursor", "is not a cursor of this list; begin without one");
  return { skip: 0, limit, after: parsed.data };
}

/** An opaque cursor of what an item is ordered by. It may hold nothing that the caller could not see. */
export function cursorOf(keys: readonly (string | number | boolean | null)[]): string {
  return new TextEncoder().encode(JSON.stringify(keys)).toBase64({ alphabet: "base64url", omitPadding: true });
}

function decode(cursor: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(cursor, { alphabet: "base64url" })));
  } catch {
    return undefined; // no cursor of ours: the schema refuses it
  }
}

/** How many items a list has; a lower bound where counting on would cost too much. */
export type Total = { total: number; total_is_lower_bound?: true };

/** One page of a list. */
export type Page<Item> = Total & { items: Item[]; skip: number; limit: number; next_cursor: string | null };

/**
 * A page of what was read.
 * @param read one item more than the limit where there is more
 * @param keys what an item is ordered by, ending in a unique field
 */
export function pageOf<Item>(
  read: readonly Item[],
  { skip, limit }: Place<unknown>,
  total: Total,
  keys: (item: Item) => readonly (string | number | boolean | null)[],
): Page<Item> {
  const items = read.slice(0, limit);
  const last = items.at(-1);
  const more = read.length > limit && last !== undefined;
  return { items, ...total, skip, limit, next_cursor: more ? cursorOf(keys(last)) : null };
}

/**
 * The total where a page tells it by itself: it was read from the start and did not fill, or null.
 * @param read one item more than the limit where there is more
 */
export function knownTotal(read: number, { skip, limit, after }: Place<unknown>): Total | null {
  return after === null && read <= limit && (read > 0 || skip === 0) ? { total: skip + read } : null;
}

/** The schema of a page. */
export const page = <Item extends z.ZodType>(item: Item, name: string) =>
  z.strictObject({
    items: z.array(item).max(MOST_ITEMS),
    total: z.int().describe("Items of the whole list under these filters"),
    total_is_lower_bound: z.literal(true).optional().describe("There are at least so many; counting stopped"),
    skip: z.int(),
    limit: z.int(),
    next_cursor: z.string().nullable().describe("Null on the last page"),
  }).openapi(name);

/**
 * The `Link` header of a page (RFC 8288): the first page, and the next where there is one.
 * @param url the request's, absolute
 */
export function linkHeader(url: string, next_cursor: string | null): string {
  const { pathname, searchParams } = new URL(url);
  searchParams.delete("skip");
  searchParams.delete("cursor");
  const link = (rel: string) => `<${pathname}${searchParams.size > 0 ? `?${searchParams}` : ""}>; rel="${rel}"`;
  const first = link("first");
  if (next_cursor === null) return first;
  searchParams.set("cursor", next_cursor);
  return `${first}, ${link("next")}`;
}
