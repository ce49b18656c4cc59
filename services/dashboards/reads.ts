import { partLevels } from "../../db/gauge_parts.ts";
import type { Needs } from "../context.ts";
import { invalid } from "../errors.ts";
import type { CutWindow } from "../metrics/axis.ts";
import {
  type GroupsQuestion,
  type GroupValues,
  MOST_GROUPS,
  noReadings,
  readGroups,
  type Source,
} from "../metrics/groups.ts";
import { smallCells } from "../metrics/small_cells.ts";

/** Which numbers a widget needs; `levels` where it needs nothing of gauges but their level. */
export type Question = GroupsQuestion & { levels: boolean };

/** What a question came to, and what of it the caller may not see. */
export type Answer = { cut: CutWindow; source: Source; values: GroupValues[]; hidden: ReadonlySet<GroupValues> };

/** Questions that one reading answers, and where each begins among its groups. */
export type Batch = { question: Question; parts: { index: number; first: number; groups: number }[] };

/** Cells of one batch, at most: far below what one reading may answer. */
const MOST_CELLS = 10_000;

/**
 * Puts together the questions that the roll-ups answer over the same stretches of time, so that a page of many widgets
 * sends few statements. Those that need rows stay alone: a slow one must not keep others waiting.
 * @returns the batches of roll-ups first; `index` is the place of a question in what was given
 */
export function together(questions: readonly Question[]): Batch[] {
  const shared = new Map<string, Batch[]>();
  const alone: Batch[] = [];
  for (const [index, question] of questions.entries()) {
    const groups = groupsOf(question);
    if (!isPlain(question)) {
      alone.push({ question, parts: [{ index, first: 0, groups }] });
      continue;
    }
    const key = JSON.stringify([question.cut.by, question.cut.cuts]);
    const batches = shared.get(key) ?? [];
    const last = batches.at(-1);
    if (last !== undefined && (groupsOf(last.question) + groups) * question.cut.buckets.length <= MOST_CELLS) {
      add(last, question, index);
    } else batches.push({ question, parts: [{ index, first: 0, groups }] });
    shared.set(key, batches);
  }
  return [...[...shared.values()].flat(), ...alone];
}

function add(batch: Batch, question: Question, index: number): void {
  const first = groupsOf(batch.question);
  const targets = question.targets.map((target) => ({ ...target, g: target.g + first }));
  batch.question = { ...batch.question, targets: [...batch.question.targets, ...targets] };
  batch.parts.push({ index, first, groups: groupsOf(question) });
}

/**
 * Reads a batch: the answer to each question, by its place.
 * @throws {DomainError} `invalid` for more than 20,000 groups
 */
export async function readBatch(ctx: Needs<"db">, { question, parts }: Batch): Promise<[index: number, Answer][]> {
  const { source, values } = isStanding(question)
    ? await readStanding(ctx, question)
    : await readGroups(ctx.db, question);
  return parts.map(({ index, first, groups }) => {
    const own = values.filter(({ g }) => g >= first && g < first + groups).map((one) => ({ ...one, g: one.g - first }));
    // Only what is read alone has persons to be counted, and its groups are its own.
    return [index, { cut: question.cut, source, values: own, hidden: smallCells(question.targets, own) }];
  });
}

const groupsOf = ({ targets }: Question) => targets.reduce((most, { g }) => Math.max(most, g + 1), 0);

/** Whether roll-ups alone answer a question; a level by hours is read from rows. */
function isPlain({ targets, cut, split, filters, distinct, percentiles }: Question): boolean {
  if (split.length > 0 || filters.length > 0 || distinct.length > 0 || percentiles || !cut.whole_hours) return false;
  return cut.by === "date" || !targets.some(({ kind }) => kind === "gauge");
}

/** Whether a question is what levels at the end of one stretch of days consist of. */
function isStanding({ targets, levels, cut, split }: Question): boolean {
  if (targets.some(({ person_key }) => person_key)) return false;
  return levels && split.length > 0 && cut.by === "date" && cut.buckets.length === 1;
}

/** `n` is the number of series that a level is added from. */
async function readStanding(
  { db }: Needs<"db">,
  { targets, cut, now, split, filters }: Question,
): Promise<Pick<Answer, "source" | "values">> {
  const [bucket] = cut.buckets;
  if (bucket === undefined || bucket.start > now) return { source: "rows", values: [] };
  const limit = MOST_GROUPS + 1;
  const parts = await partLevels(db, targets, { before: cut.cuts.at(-1) ?? "infinity", split, filters, limit });
  if (parts.length === limit) {
    throw invalid("/group_by", `makes more than ${MOST_GROUPS} groups; filter, or group by less`);
  }
  const values = parts.map(({ g, dimensions, series: n, level }) => ({ ...noReadings(g, 0, dimensions), n, level }));
  return { source: "rows", values };
}
