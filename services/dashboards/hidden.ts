import type { GroupValues } from "../metrics/groups.ts";
import type { Answer } from "./reads.ts";

/** The groups that a reader may not see, together: how many, and what is told of them. */
export type Hidden = { groups: number; values: (number | null)[]; n: number | null };

/** What the document says of them. */
export const HIDDEN_TOGETHER =
  "Null where nothing is hidden. Its numbers are told where a group about people is shown " +
  "beside at least two hidden ones, the next smallest among them; else they are null";

/** What a pie says that may not tell its whole. */
export const NO_WHOLE = "The hidden parts are of too few persons to be told together, so there are no total and shares";

/**
 * Whether hidden cells may be told as one number, which is no more than the whole without what is shown. There must be
 * two, or it would be the number of one. Where another with people is shown, the next smallest was hidden too, which has
 * as many people as nobody needs to hide; else it may be that all are few together.
 */
export function isTold(answer: Answer | undefined): boolean {
  const { values = [], hidden = new Set() } = answer ?? {};
  const breakdowns = Map.groupBy(values, ({ g, b }) => `${g} ${b}`);
  return [...breakdowns.values()].every((cells) => {
    const shown = cells.filter((cell) => !hidden.has(cell));
    const covered = cells.length - shown.length;
    return covered === 0 || (covered > 1 && shown.some(hasPeople));
  });
}

/** People are counted, or they are the values themselves. */
const hasPeople = ({ people = 0, sum }: GroupValues) => people > 0 || sum > 0;
