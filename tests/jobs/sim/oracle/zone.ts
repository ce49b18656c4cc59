/** Offsets of a zone, found by asking `Intl.DateTimeFormat` what its wall shows, and by nothing else. */

/** A stretch [start, end) of epoch milliseconds with one offset: what the wall is ahead of UTC, in milliseconds. */
export type Stretch = { start: number; end: number; offset: number };

const DAY_MS = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();
const years = new Map<string, Stretch[]>();

/** What the wall shows at an instant, as milliseconds from 1970-01-01T00:00 on the same wall, in whole seconds. */
export function wallAt(zone: string, at: number): number {
  let format = formats.get(zone);
  if (format === undefined) {
    const [two, numeric] = ["2-digit", "numeric"] as const;
    const parts = { year: numeric, month: two, day: two, hour: two, minute: two, second: two } as const;
    format = new Intl.DateTimeFormat("en-US", { timeZone: zone, hourCycle: "h23", ...parts });
    formats.set(zone, format);
  }
  const shown = format.format(at); // 03/29/2026, 03:00:00
  const part = (from: number, to: number) => Number(shown.slice(from, to));
  return Date.UTC(part(6, 10), part(0, 2) - 1, part(3, 5), part(12, 14), part(15, 17), part(18, 20));
}

/** The offset at an instant. */
export const offsetAt = (zone: string, at: number): number => wallAt(zone, at) - Math.floor(at / 1000) * 1000;

/** The stretches that touch [from, until], ascending; the outer ones may reach beyond. */
export function stretches(zone: string, from: number, until: number): Stretch[] {
  const found: Stretch[] = [];
  const last = new Date(until).getUTCFullYear();
  for (let year = new Date(from).getUTCFullYear(); year <= last; year++) {
    for (const stretch of yearOf(zone, year)) {
      const before = found.at(-1);
      if (stretch.end <= from || stretch.start > until) continue;
      if (before?.offset === stretch.offset) before.end = stretch.end;
      else found.push({ ...stretch });
    }
  }
  return found;
}

/** The first change of the zone's offset after an instant, within two years; null where there is none. */
export function nextChange(zone: string, after: number): number | null {
  const [, second] = stretches(zone, after, after + 730 * DAY_MS);
  return second?.start ?? null;
}

/** No zone of these years changes twice within so long. */
const STEP_MS = 4 * DAY_MS;

/** A look every few days tells whether there was a change; the change itself is searched for, to the second. */
function yearOf(zone: string, year: number): Stretch[] {
  const key = `${year} ${zone}`;
  const known = years.get(key);
  if (known !== undefined) return known;
  const [start, end] = [Date.UTC(year), Date.UTC(year + 1)];
  const found: Stretch[] = [];
  let open = { start, offset: offsetAt(zone, start) };
  for (let day = start; day < end; day += STEP_MS) {
    if (offsetAt(zone, day + STEP_MS) === open.offset) continue;
    const change = changeBetween(zone, day, day + STEP_MS, open.offset);
    if (change >= end) break;
    found.push({ ...open, end: change });
    open = { start: change, offset: offsetAt(zone, change) };
  }
  found.push({ ...open, end });
  years.set(key, found);
  return found;
}

function changeBetween(zone: string, before: number, after: number, offset: number): number {
  let [low, high] = [before / 1000, after / 1000];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(zone, middle * 1000) === offset) low = middle;
    else high = middle;
  }
  return high * 1000;
}
