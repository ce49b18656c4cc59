import { latestUpTo } from "../../db/data_through.ts";
import type { KnownSeries } from "../../db/metric_series.ts";
import type { Needs } from "../context.ts";

/** A recorded series with its latest reading up to now, and its latest one after now; null where there is none. */
export type Through = Pick<KnownSeries, "service_name"> & { past: string | null; ahead: string | null };

/**
 * How far each series is known: a reading that is dated in the future says nothing about that.
 * @param as_of now, RFC 3339
 */
export async function throughOf(
  { db }: Needs<"db">,
  series: readonly KnownSeries[],
  as_of: string,
): Promise<Through[]> {
  const now = Date.parse(as_of);
  const ahead = series.filter((one) => Date.parse(one.last_at) > now);
  const earlier = ahead.length === 0 ? [] : await latestUpTo(db, ahead, as_of);
  const past = new Map(ahead.map((one, i) => [one, earlier[i] ?? null]));
  return series.map((one) => {
    const { service_name, last_at } = one;
    const known = past.get(one);
    return known === undefined
      ? { service_name, past: last_at, ahead: null }
      : { service_name, past: known, ahead: last_at };
  });
}

/** How far some series together are known, and what to say of their readings in the future; null where nothing. */
export function knownThrough(all: readonly Through[]): { data_through: string | null; warning: string | null } {
  const ahead = latest(all.map((one) => one.ahead));
  const warning = ahead === null ? null : `Readings dated in the future are left out; the latest is of ${ahead}`;
  return { data_through: latest(all.map((one) => one.past)), warning };
}

function latest(instants: readonly (string | null)[]): string | null {
  return instants.reduce((a, b) => a === null || (b !== null && Date.parse(b) > Date.parse(a)) ? b : a, null);
}
