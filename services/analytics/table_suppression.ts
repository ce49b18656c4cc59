import { FEWEST_PEOPLE, suppressed } from "./suppression.ts";

/** Which rows of a table must be hidden: their totals, and how these are made up. */
export type HiddenRows = { totals: boolean[]; parts: boolean[] };

/**
 * What must be hidden of people cut two ways, where a reader also knows the total of each row, of each column and of all.
 * Totals go by `suppressed`. The parts of a row are hidden where one is of 1 to 4 people, or its total is hidden; and of
 * the next smallest rows too, until there are two such rows and none of the columns has fewer than 5 people in them,
 * so that no part can be recovered by subtraction from a column's total.
 * @param rows the people of each row by column; all rows of one length
 * @example
 * ```ts
 * hiddenRows([[30, 3], [40, 20], [50, 60]]).parts; // [true, true, false]
 * ```
 */
export function hiddenRows(rows: readonly (readonly number[])[]): HiddenRows {
  const people = rows.map((row) => row.reduce((sum, part) => sum + part, 0));
  const totals = suppressed(people.map((one) => ({ people: one })));
  const parts = rows.map((row, i) => totals[i] === true || row.some(isSmall));
  if (!parts.includes(true)) return { totals, parts };
  const next = people.flatMap((one, i) => one > 0 && parts[i] === false ? [{ i, one }] : [])
    .sort((a, b) => a.one - b.one || a.i - b.i);
  for (const { i } of next) {
    if (isSafe(rows.filter((_, row) => parts[row]))) break;
    parts[i] = true;
  }
  return { totals, parts };
}

const isSmall = (people: number) => people > 0 && people < FEWEST_PEOPLE;

/** Whether there are two rows or more, and their columns together have nobody or enough. */
function isSafe(hidden: readonly (readonly number[])[]): boolean {
  const [first = []] = hidden;
  const columns = first.map((_, column) => hidden.reduce((sum, row) => sum + (row[column] ?? 0), 0));
  return hidden.length > 1 && !columns.some(isSmall);
}
