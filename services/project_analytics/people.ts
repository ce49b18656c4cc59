import type { Caller } from "../access.ts";
import { FEWEST_PEOPLE, suppressed } from "../analytics/suppression.ts";
import { hiddenRows } from "../analytics/table_suppression.ts";
import { seesAll } from "../metrics/personal.ts";
import { byText } from "./standing.ts";

/** People reached: all, and how; null is not known, or hidden. */
export type People = Record<"total" | "direct" | "indirect" | "unspecified", number | null>;

/** How people may be reached. */
const WAYS = ["direct", "indirect", "unspecified"] as const;

const HIDDEN: Record<typeof WAYS[number], null> = { direct: null, indirect: null, unspecified: null };

/** Which projection a caller sees. */
export const projectionFor = (caller: Caller): Projection => seesAll(caller) ? "all" : "public";

/** What a reader may see of some people, and whether that is less than is known. */
export type Shown<Known> = Known & { suppressed: boolean };

/** Who may see numbers of fewer than 5 people: readers with a token, all of them; others, none. */
export type Projection = "all" | "public";

/** The people of a whole window: fewer than 5 are hidden from the public, and so is how others are made up of them. */
export function shownPeople(people: People, projection: Projection): Shown<People> {
  const { total } = people;
  if (projection === "all" || total === null) return { ...people, suppressed: false };
  if (total > 0 && total < FEWEST_PEOPLE) return { total: null, ...HIDDEN, suppressed: true };
  const hidden = suppressed(WAYS.map((way) => ({ people: people[way] ?? 0 })));
  const [direct, indirect, unspecified] = WAYS.map((way, i) => hidden[i] === true ? null : people[way]);
  return {
    ...{ total, direct: direct ?? null, indirect: indirect ?? null, unspecified: unspecified ?? null },
    suppressed: hidden.includes(true),
  };
}

/** The people of one part of a breakdown, and how they were reached; the rest of `people` did not say. */
export type Part = { people: number; direct: number; indirect: number };

/**
 * The parts of a breakdown as a reader may see them.
 * @param open whether the reader sees how the whole was reached; where not, no part may show it either
 */
export function shownParts<One extends Part>(
  parts: readonly One[],
  projection: Projection,
  open: boolean,
): (Omit<One, keyof Part> & Shown<People>)[] {
  const rows = parts.map(({ people, direct, indirect }) => [direct, indirect, people - direct - indirect]);
  const hidden = projection === "all" ? null : hiddenRows(rows);
  return parts.map(({ people, direct, indirect, ...rest }, i) => {
    const total = hidden?.totals[i] === true ? null : people;
    const shut = hidden !== null && (!open || hidden.parts[i] === true);
    const ways = shut ? HIDDEN : { direct, indirect, unspecified: people - direct - indirect };
    return { ...rest, total, ...ways, suppressed: shut && people > 0 };
  });
}

/** The most people first; those that are hidden last, in the order of their names, which tells nothing about them. */
export function ranked<One extends { name: string | null; total: number | null }>(parts: readonly One[]): One[] {
  const size = ({ total }: One) => total ?? -Infinity;
  return parts.toSorted((a, b) => size(a) === size(b) ? byText(a.name ?? "", b.name ?? "") : size(b) - size(a));
}
