import type { KnownSeries } from "../../db/metric_series.ts";
import type { Caller } from "../access.ts";
import { FEWEST_PEOPLE, suppressed } from "../analytics/suppression.ts";
import type { GroupsQuestion, GroupValues } from "./groups.ts";
import { isPersonal, seesAll } from "./personal.ts";

type Targets = GroupsQuestion["targets"];
type Asked = Pick<GroupsQuestion, "split" | "filters">;

/**
 * The series of a question, those about persons with the dimension by which these are counted: where a reader without a
 * token asks by dimension, and so might single people out.
 */
export function withPersons(
  caller: Caller,
  targets: readonly (KnownSeries & { g: number })[],
  { split, filters }: Asked,
): Targets {
  if (seesAll(caller) || split.length + filters.length === 0) return [...targets];
  return targets.map((one) => {
    const person_key = one.entity_key !== null && isPersonal(one.entity_key) ? one.entity_key : null;
    return { ...one, person_key };
  });
}

/**
 * The cells that a reader may not see: of the values of a dimension in one group and period, those of fewer than 5
 * persons, and one more where a cell could be told by subtraction.
 */
export function smallCells(targets: Targets, values: readonly GroupValues[]): ReadonlySet<GroupValues> {
  const personal = new Map(targets.filter((one) => one.person_key).map((one) => [one.g, one.kind]));
  const hidden = new Set<GroupValues>();
  const breakdowns = Map.groupBy(values.filter((one) => personal.has(one.g)), (one) => `${one.g} ${one.b}`);
  for (const cells of breakdowns.values()) {
    // Whose level a gauge holds is not counted, only who was read in the period: nobody may be few.
    const small = suppressed(cells.map(({ g, people = 0 }) => ({
      people: personal.get(g) === "gauge" ? Math.max(1, people) : people,
    })));
    for (const [i, cell] of cells.entries()) if (small[i]) hidden.add(cell);
  }
  return hidden;
}

/** What an answer says of hidden cells. */
export function hiddenWarning(hidden: number): string[] {
  if (hidden === 0) return [];
  return [
    `${hidden} ${hidden === 1 ? "number is" : "numbers are"} hidden from readers without a token: of fewer than ` +
    `${FEWEST_PEOPLE} persons, or one by which such a number could be told`,
  ];
}
