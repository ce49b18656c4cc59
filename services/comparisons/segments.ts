import { cutOf } from "../analytics/cut.ts";
import type { Needs } from "../context.ts";
import { invalid } from "../errors.ts";
import { type GroupValues, MOST_GROUPS } from "../metrics/groups.ts";
import { type Amount, amountIn, type Track } from "./amounts.ts";
import { joinedCut } from "./joined_cut.ts";
import { isAdditive, type Observed, type Rest } from "./observed.ts";
import { daysOver } from "./period_plan.ts";
import type { Question } from "./question.ts";
import { knownDays, type Observation, readCut, readingOf, trackOf, wholeWindow } from "./reading.ts";
import { segmentLimit } from "./schema.ts";

type Segment = { name: string | null; raw: (string | number | boolean)[]; amount: Amount };

/**
 * One member for each of the largest values of a dimension, by two statements: what each value has in all, and then the
 * intervals of those that are compared. What does not have the dimension is in the rest.
 * @throws {DomainError} `invalid` for a dimension of too many values, and for too many intervals
 */
export async function readSegments(ctx: Needs<"db" | "config">, question: Question): Promise<Observation> {
  const { request, meant, terms, today } = question;
  const window = daysOver(question.window, today);
  const { segment_by = "" } = request;
  const group = meant.groups[0] ?? [];
  const whole = cutOf(ctx, window);
  const { source, values } = await readCut(ctx, question, whole, { split: [segment_by] });
  const known = knownDays(question, group, source);
  const all = bySegment(values).map(({ cells, ...own }) => ({
    ...own,
    amount: amountIn(added(cells), window, known, readingOf(question, whole)),
  }));
  const named = all.filter(({ name }) => name !== null).sort(
    largestFirst(isAdditive(terms) || terms.aggregation === "last"),
  );
  const [compared, others] = [named.slice(0, segmentLimit(request)), named.slice(segmentLimit(request))];
  const tracks = await tracksOf(ctx, question, compared);
  const service = group[0]?.service_name ?? "";
  const observed = compared.map(({ name, amount }): Observed => {
    const { cut, track } = tracks;
    const own = amountIn(track(name), window, known, readingOf(question, cut));
    const value = terms.aggregation === "avg" && terms.kind === "gauge" ? own.value : amount.value;
    const key = name ?? "";
    return {
      ...wholeWindow(question, service),
      key,
      label: key,
      metric_name: null,
      n: amount.n,
      value,
      values: own.values,
    };
  });
  return { observed, rest: restOf(others, all.find(({ name }) => name === null)), source };
}

function restOf(others: readonly Segment[], unnamed: Segment | undefined): Rest {
  const n = others.reduce((sum, { amount }) => sum + amount.n, unnamed?.amount.n ?? 0);
  return { values: others.map(({ amount }) => amount.value), n, unnamed: unnamed?.amount.value ?? null };
}

/** The values of a dimension as texts: the number 7 and the text "7" are one, and empty is none. */
function bySegment(
  values: readonly GroupValues[],
): { name: string | null; raw: Segment["raw"]; cells: GroupValues[] }[] {
  const byName = Map.groupBy(values, nameOf);
  return [...byName].map(([name, cells]) => {
    const raw = cells.map(({ dimensions: [value = null] }) => value).filter((value) => value !== null);
    return { name, raw: [...new Set(raw)], cells };
  });
}

function nameOf({ dimensions: [value = null] }: GroupValues): string | null {
  return value === null || value === "" ? null : String(value);
}

/** Cells of one bucket as a track: where a number and a text are the same value, they are added. */
function added(cells: readonly GroupValues[]): Track {
  const [first, ...more] = cells;
  if (first === undefined || more.length === 0) return trackOf(cells);
  const sum = (of: (cell: GroupValues) => number) => cells.reduce((total, cell) => total + of(cell), 0);
  const level = cells.every((cell) => cell.level === null) ? null : sum((cell) => cell.level ?? 0);
  return trackOf([{ ...first, n: sum((cell) => cell.n), sum: sum((cell) => cell.sum), level }]);
}

const largestFirst = (byValue: boolean) => (a: Segment, b: Segment) => {
  const size = ({ amount }: Segment) => byValue ? amount.value ?? -Infinity : amount.n;
  if (size(a) !== size(b)) return size(b) - size(a);
  return (a.name ?? "") < (b.name ?? "") ? -1 : 1;
};

async function tracksOf(ctx: Needs<"db" | "config">, question: Question, compared: readonly Segment[]) {
  const { window, today, terms, request: { segment_by = "" } } = question;
  const cut = joinedCut(ctx, [daysOver(window, today)], terms.interval);
  if (compared.length * cut.buckets.length > MOST_GROUPS) {
    const size = `${compared.length} segments by ${cut.buckets.length} intervals`;
    throw invalid("/interval", `makes ${size}, and at most ${MOST_GROUPS} values are read: take a longer one`);
  }
  const more = [{ key: segment_by, values: compared.flatMap(({ raw }) => raw) }];
  const { values } = compared.length === 0
    ? { values: [] }
    : await readCut(ctx, question, cut, { split: [segment_by], more });
  const byName = Map.groupBy(values, (one) => `${one.b} ${nameOf(one)}`);
  const track = (name: string | null): Track =>
    new Map(cut.buckets.flatMap((_, b) => [...added(byName.get(`${b} ${name}`) ?? [])]));
  return { cut, track };
}
