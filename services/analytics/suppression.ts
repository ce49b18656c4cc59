/** People below which a cell would tell about single ones. */
export const FEWEST_PEOPLE = 5;

/** A cell of a breakdown: the people in it, and how many of the whole are its own. */
export type PeopleCell = { people: number };

/**
 * Which cells of one breakdown must be hidden from readers without a token: those of 1 to 4 people, and where these are
 * fewer than 5 people together, the next smallest too, so that none can be recovered by subtraction from the whole
 * (complementary suppression; Willenborg and de Waal, Elements of Statistical Disclosure Control, 2001).
 * @param together how many different people the cells of 1 to 4 have, where one may be in several; their sum when absent
 * @returns for each cell in its order, whether it is hidden
 * @example
 * ```ts
 * suppressed([{ people: 40 }, { people: 3 }, { people: 12 }]); // [false, true, true]
 * ```
 */
export function suppressed(cells: readonly PeopleCell[], together?: number): boolean[] {
  const hidden = cells.map(({ people }) => people > 0 && people < FEWEST_PEOPLE);
  const count = hidden.filter(Boolean).length;
  if (count === 0) return hidden;
  const people = together ?? cells.reduce((sum, cell, i) => hidden[i] ? sum + cell.people : sum, 0);
  if (count > 1 && people >= FEWEST_PEOPLE) return hidden;
  const open = cells.flatMap((cell, i) => hidden[i] || cell.people === 0 ? [] : [{ i, people: cell.people }]);
  const next = open.sort((a, b) => a.people - b.people || a.i - b.i)[0];
  return hidden.map((one, i) => one || i === next?.i);
}
