import type { KnownSeries } from "../../db/metric_series.ts";
import type { MetricType } from "../../db/schema/enums.ts";
import type { Caller } from "../access.ts";
import { DomainError } from "../errors.ts";
import { FEWEST_PEOPLE, suppressed } from "../analytics/suppression.ts";
import type { GroupsQuestion, GroupValues } from "./groups.ts";
import { isPersonal, seesAll } from "./personal.ts";

type Targets = GroupsQuestion["targets"];
type Asked = Pick<GroupsQuestion, "split" | "filters">;

/** Readings whose values are people, whatever else they name. */
const PEOPLE: MetricType = "beneficiary";

/**
 * The series of a question, those about persons with the dimension by which these are counted: where a reader without a
 * token asks by dimension, and so might single people out. He may group by one dimension: two, or a filter, would tell a
 * hidden cell by what it is the rest of.
 * @throws {DomainError} `forbidden` for more than that
 */
export function withPersons(
  caller: Caller,
  targets: readonly (KnownSeries & { g: number })[],
  { split, filters }: Asked,
): Targets {
  if (seesAll(caller) || split.length + filters.length === 0) return [...targets];
  const personal = ({ entity_key }: KnownSeries) => entity_key !== null && isPersonal(entity_key);
  const about = targets.find((one) => personal(one) || one.metric_type === PEOPLE);
  if (about !== undefined && (filters.length > 0 || split.length > 1)) {
    throw new DomainError(
      "forbidden",
      `${about.metric_name} is about people: without a token it may be grouped by one dimension, and filtered by none`,
    );
  }
  return targets.map((one) => ({ ...one, person_key: personal(one) ? one.entity_key : null }));
}

/**
 * The cells that a reader may not see: of the values of a dimension in one group and period, those of fewer than 5
 * people, and the next smallest, by which they could be told. Somebody may be in several cells, so the small ones never
 * count as enough together.
 */
export function smallCells(targets: Targets, values: readonly GroupValues[]): ReadonlySet<GroupValues> {
  const about = new Map(targets.filter(isAboutPeople).map((one) => [one.g, one]));
  const hidden = new Set<GroupValues>();
  const breakdowns = Map.groupBy(values.filter((one) => about.has(one.g)), (one) => `${one.g} ${one.b}`);
  for (const cells of breakdowns.values()) {
    const small = suppressed(cells.map((cell) => ({ people: peopleIn(about.get(cell.g), cell) })), 0);
    for (const [i, cell] of cells.entries()) if (small[i]) hidden.add(cell);
  }
  return hidden;
}

/** A reader without a token asks by dimension: only then do targets say by what to count persons, or say that they do not. */
const isAboutPeople = ({ person_key, metric_type }: Targets[number]) =>
  typeof person_key === "string" || (person_key === null && metric_type === PEOPLE);

function peopleIn(target: Targets[number] | undefined, { people = 0, sum }: GroupValues): number {
  if (typeof target?.person_key !== "string") return Math.max(0, sum);
  // Whose level a gauge holds is not counted, only who was read in the period: nobody may be few.
  return target.kind === "gauge" ? Math.max(1, people) : people;
}

/** What an answer says of hidden cells. */
export function hiddenWarning(hidden: number): string[] {
  if (hidden === 0) return [];
  return [
    `${hidden} ${hidden === 1 ? "number is" : "numbers are"} hidden from readers without a token: of fewer than ` +
    `${FEWEST_PEOPLE} persons, or one by which such a number could be told`,
  ];
}
