import type { Rate } from "./figures.ts";
import { type DomainQuestion, nothingRecorded } from "./question.ts";

/** What a filter by a dimension looked for, and whether it found any reading in the window or the period before. */
export type Looked = { key: string; value: string | undefined; found: boolean };

/** Why an answer about some metrics is empty under a filter, or null. Without a value nothing is filtered. */
export function nothingFiltered(
  question: DomainQuestion,
  names: readonly string[],
  { key, value, found }: Looked,
): string | null {
  const reason = nothingRecorded(question, names);
  if (reason !== null || found || value === undefined) return reason;
  return `No reading of the ${key} ${JSON.stringify(value)} in this period or the one before`;
}

/** Warns of rates above 1 that are shares of a whole. @param whose such as the channel, where there are several */
export function ratesAboveOne(rates: Readonly<Record<string, Rate>>, why: string, whose?: string): string[] {
  return Object.entries(rates).flatMap(([name, { value }]) =>
    value !== null && value > 1 ? [`${name}${whose === undefined ? "" : ` of ${whose}`} is above 1: ${why}`] : []
  );
}

/** Warns of lists that lack what retention deleted, in an answer whose other numbers come from roll-ups. */
export function lostRows({ window, floor }: Pick<DomainQuestion, "window" | "floor">, lists: string): string[] {
  if (floor === null || window.start_date >= floor) return [];
  return [`Rows dated before ${floor} are no longer kept; ${lists} count later ones`];
}
