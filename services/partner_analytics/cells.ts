import {
  type CellsQuestion,
  cellsTogether,
  MOST_CELLS,
  type PartnerCell,
  partnerCells,
  type RowsTotal,
} from "../../db/partner_rows.ts";
import { FEWEST_PEOPLE, suppressed } from "../analytics/suppression.ts";
import type { Needs } from "../context.ts";
import { invalid } from "../errors.ts";

/** How many people rows are of: those they name, and one for each row that names nobody. */
export function peopleOf({ people, unnamed }: Pick<RowsTotal, "people" | "unnamed">): number {
  return people + unnamed;
}

/** Whether a cell would tell about single people. */
export function isSmall(cell: Pick<RowsTotal, "people" | "unnamed">): boolean {
  return peopleOf(cell) > 0 && peopleOf(cell) < FEWEST_PEOPLE;
}

/** The cells of a whole as an answer lists them. */
export type Arranged = {
  /** The largest first. */
  shown: PartnerCell[];
  /** The smaller ones, of which the answer has only the total. */
  rest: PartnerCell[];
  /** Names alone, in their own order, because a place among the others would tell how much a hidden cell has. */
  hidden: string[];
  /** Whether the whole less the shown cells would be one hidden cell, or fewer than 5 people. */
  whole_tells: boolean;
};

/**
 * Arranges cells, of which the largest come first: so many as the limit allows, and the rest. What is hidden depends on
 * all of the cells and never on the limit, and hidden cells are part of no other number than the whole: so neither one
 * answer nor several with other limits give any of them away.
 * @param together different people of the small cells together; null for readers who may see all
 */
export function arrange(cells: readonly PartnerCell[], limit: number, together: number | null): Arranged {
  const hides = together === null ? [] : suppressed(cells.map((cell) => ({ people: peopleOf(cell) })), together);
  const open = cells.filter((_, i) => hides[i] !== true);
  const hidden = cells.filter((_, i) => hides[i] === true);
  const onlySmall = hidden.length > 0 && hidden.every(isSmall);
  return {
    shown: open.slice(0, limit),
    rest: open.slice(limit),
    hidden: hidden.map((one) => one.cell).sort(),
    whole_tells: hidden.length === 1 || (onlySmall && (together ?? 0) < FEWEST_PEOPLE),
  };
}

/** Cells of rows, arranged, with what they amount to. */
export type Cells = Omit<Arranged, "rest" | "whole_tells"> & {
  /** Null where it would tell what a hidden cell has. */
  whole: RowsTotal | null;
  /** The rest as one, and how many cells it is made of; null where none is left. */
  rest: RowsTotal & { cells: number } | null;
};

/**
 * Divides rows into cells and arranges these.
 * @param options `discreet` hides cells of fewer than 5 people
 * @throws {DomainError} `invalid` for more than 10,000 cells
 */
export async function readCells(
  ctx: Needs<"db">,
  question: CellsQuestion,
  { limit, discreet }: { limit: number; discreet: boolean },
): Promise<Cells> {
  const { whole, cells } = await partnerCells(ctx.db, question);
  if (cells.length > MOST_CELLS) {
    throw invalid("/query/start_date", `the window has more than ${MOST_CELLS} cells; shorten it`);
  }
  const together = discreet ? peopleOf(await asOne(ctx, question, cells.filter(isSmall))) : null;
  const { whole_tells, rest, ...arranged } = arrange(cells, limit, together);
  return {
    ...arranged,
    whole: whole_tells ? null : whole,
    rest: rest.length === 0 ? null : { ...await asOne(ctx, question, rest), cells: rest.length },
  };
}

async function asOne(ctx: Needs<"db">, question: CellsQuestion, cells: readonly PartnerCell[]): Promise<RowsTotal> {
  const [only = { n: 0, sum: 0, people: 0, unnamed: 0 }] = cells;
  if (cells.length < 2) return { n: only.n, sum: only.sum, people: only.people, unnamed: only.unnamed };
  return await cellsTogether(ctx.db, question, cells.map((one) => one.cell));
}
