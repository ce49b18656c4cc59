import type { RowsTotal } from "../../db/partner_rows.ts";
import { quotient } from "../analytics/figures.ts";
import type { GiftCells, PartnerBreakdown } from "./breakdown_schema.ts";
import type { Cells } from "./cells.ts";
import { GIFT_BANDS } from "./ranges.ts";

type Numbers = PartnerBreakdown["total"];

/** What stands for rows without the dimension. */
export const UNKNOWN = "unknown";

/** The name of a cell by its stored text; '' stands for rows without the dimension. */
export function cellName(cell: string): { value: string | null; name: string } {
  return cell === "" ? { value: null, name: UNKNOWN } : { value: cell, name: cell };
}

/** The name of a size band by its number. */
export function bandName(cell: string): { value: string | null; name: string } {
  const name = GIFT_BANDS[Number(cell)]?.name ?? UNKNOWN;
  return { value: name, name };
}

/** What gifts amount to; nulls where that is hidden. */
export function giftNumbers(total: RowsTotal | null): Numbers {
  if (total === null) return { gross: null, gifts: null, donors: null, average: null };
  const { sum: gross, n: gifts, people: donors } = total;
  return { gross, gifts, donors, average: quotient({ numerator: gross, denominator: gifts }) };
}

/** A part of a whole, as a ratio of their sums; null where either is hidden. */
export function shareOf(part: RowsTotal | null, whole: RowsTotal | null) {
  if (part === null || whole === null) return null;
  const ratio = { numerator: part.sum, denominator: whole.sum };
  return { value: quotient(ratio), ...ratio };
}

/** Gifts by cells as an answer shows them: at most so many as the limit, suppressed ones last. */
export function giftCells({ whole, shown, hidden, rest }: Cells, limit: number, nameOf = cellName): GiftCells {
  const open = shown.map((one) => ({
    ...{ ...nameOf(one.cell), suppressed: false },
    ...{ ...giftNumbers(one), share: shareOf(one, whole) },
  }));
  const closed = hidden.map((cell) => ({ ...nameOf(cell), suppressed: true, ...giftNumbers(null), share: null }));
  return {
    items: [...open, ...closed].slice(0, limit),
    other: rest === null ? null : { cells: rest.cells, ...giftNumbers(rest), share: shareOf(rest, whole) },
    suppressed_cells: hidden.length,
  };
}
