import type { Db } from "../../db/client.ts";
import { countRowsBehind, type KnownSeries } from "../../db/metric_series.ts";
import type { Config } from "../config.ts";
import { addDays } from "../days.ts";
import { invalid } from "../errors.ts";
import type { CutWindow } from "./axis.ts";

/**
 * Rows that one question may read, so that it takes about two seconds. A row costs 2.5 to 5 µs of one core of Postgres;
 * the embedded database needs more, and nothing else happens meanwhile.
 */
export const MOST_ROWS_READ = { postgres: 500_000, embedded: 200_000 } as const;

/** How many rows a question may read with the database that is configured. */
export function mostRowsRead(config: Pick<Config, "DATABASE_URL">): number {
  return config.DATABASE_URL === undefined ? MOST_ROWS_READ.embedded : MOST_ROWS_READ.postgres;
}

/** A row for the level of a gauge, which is put in the order of its series, costs as much as so many others. */
const LEVEL_COST = 4;

/** The series of which rows are read: for sums and percentiles, and for levels, which may rest on all earlier rows. */
export type RowReads = {
  cells: readonly KnownSeries[];
  levels: readonly KnownSeries[];
  levels_from_start: boolean;
};

const FIRST_DAY = "1970-01-01";

/**
 * Refuses to read rows that are too many, before one of them is read: the roll-ups know how many there are. Rows of other
 * names of the same services and types count too, because they are passed over on the way.
 * @throws {DomainError} `invalid` with the limit and what would be less
 */
export async function refuseLongReads(db: Db, cut: CutWindow, most: number, reads: RowReads): Promise<void> {
  const all = await rowsToRead(db, cut, reads);
  if (all <= most) return;
  throw invalid(
    "/query/start_date",
    `this would read ${all} rows, and at most ${most} are read for one answer: shorten the window, name one service ` +
      "and type, or ask for no percentiles, distinct counts and dimensions, which the roll-ups do not know",
  );
}

/** How many rows a question would read, as the roll-ups know; one for the level of a gauge counts as four. */
export async function rowsToRead(db: Db, cut: CutWindow, reads: RowReads): Promise<number> {
  // Rows are found by their timestamps in UTC, from which a date is up to two days away and an hour's day one.
  const slack = cut.by === "date" ? 2 : 1;
  const first = addDays(dayIn(cut.cuts[0]), -slack);
  const last = addDays(dayIn(cut.cuts.at(-1)), slack);
  const rows = async (series: readonly KnownSeries[], from: string) =>
    series.length === 0 ? 0 : await countRowsBehind(db, series, from, last);
  const levels = await rows(reads.levels, reads.levels_from_start ? FIRST_DAY : first);
  return await rows(reads.cells, first) + LEVEL_COST * levels;
}

const dayIn = (cut: string | undefined) => cut?.slice(0, 10) ?? FIRST_DAY;
