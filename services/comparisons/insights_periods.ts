import type { ComparisonInsight } from "./answer.ts";
import { NOTHING, type Piece, sentence } from "./sentences.ts";
import { measurePath, nameOf, tell, type Telling, word } from "./telling.ts";

/** What only periods have: changes, the way as a whole, and days that are still to come. */
export function periodInsights(telling: Telling): ComparisonInsight[] {
  if (telling.answer.comparison_type !== "time_period") return [];
  return [
    ...largestChange(telling),
    ...growthFromZero(telling),
    ...overall(telling),
    ...unfinished(telling),
    ...rate(telling),
  ];
}

/** A change as words: up or down by how much and against whom, from what to what. */
function changeText(
  telling: Telling,
  i: number,
  which: "change_from_previous" | "change_from_first",
  against: Piece,
): Piece {
  const { answer, read } = telling;
  const change = answer.members[i]?.[which];
  const path = `/members/${i}/${which}`;
  const own = measurePath(telling, i);
  const way = sentence`${word((change?.difference ?? 0) > 0 ? "up" : "down")}${read.proof(`${path}/difference`)}`;
  const daily = word(answer.ranked_by === "per_day" ? " a day" : "");
  return sentence`${way} ${read.percent(`${path}/relative`)}${against}, from ${read.amount(`${path}/value`)} to ${
    read.amount(own)
  }${daily}`;
}

function largestChange(telling: Telling): ComparisonInsight[] {
  const { answer } = telling;
  const sizes = answer.members.map(({ change_from_previous: change, rank }) =>
    rank === null || change === null || change.relative === null ? -1 : Math.abs(change.relative)
  );
  const largest = Math.max(-1, ...sizes);
  const [at, ...others] = sizes.flatMap((size, i) => size === largest ? [i] : []);
  if (largest <= 0 || at === undefined || others.length > 0) return [];
  const from = telling.place(answer.members[at]?.change_from_previous?.key ?? "");
  const said = changeText(telling, at, "change_from_previous", sentence` against ${nameOf(telling, from)}`);
  const who = nameOf(telling, at);
  const only = sizes.filter((size) => size >= 0).length === 1;
  const text = only
    ? sentence`${who} is ${said}.`
    : sentence`The largest change in percent is that of ${who}: ${said}.`;
  return [tell("change", text)];
}

/** Growth from zero has no percentage; the first of them is named. */
function growthFromZero(telling: Telling): ComparisonInsight[] {
  const { answer, read } = telling;
  const at = answer.members.findIndex(({ change_from_previous: change }) =>
    change !== null && change.value === 0 && change.difference !== 0
  );
  if (at < 0) return [];
  const from = telling.place(answer.members[at]?.change_from_previous?.key ?? "");
  const path = `/members/${at}/change_from_previous`;
  const own = measurePath(telling, at);
  const was = sentence`${nameOf(telling, at)} has ${read.amount(own)} after ${read.amount(`${path}/value`)} in ${
    nameOf(telling, from)
  }`;
  return [
    tell("zero_baseline", sentence`${was}: a change from zero has no percentage.${read.proof(`${path}/relative`)}`),
  ];
}

/** From the first to the last that is complete, where others lie between. */
function overall(telling: Telling): ComparisonInsight[] {
  const { answer } = telling;
  const at = answer.members.findLastIndex(({ rank }) => rank !== null);
  const change = answer.members[at]?.change_from_first ?? null;
  if (answer.spread.n < 3 || change === null || change.relative === null || change.relative === 0) return [];
  const from = telling.place(change.key);
  const later = answer.members.slice(at + 1);
  const unfinished = later.length > 0 && later.every(({ complete }) => !complete);
  const end = word(unfinished ? "the last complete one" : later.length > 0 ? "the last with a rank" : "the last");
  const way = sentence`From the first, ${nameOf(telling, from)}, to ${end}, ${nameOf(telling, at)}`;
  return [tell("overall", sentence`${way}, it is ${changeText(telling, at, "change_from_first", NOTHING)}.`)];
}

/** The last period that is not over or that the window cuts, and how it stands against as many days of the one before. */
function unfinished(telling: Telling): ComparisonInsight[] {
  const { answer, read } = telling;
  const i = answer.members.findLastIndex(({ complete }) => !complete);
  const member = answer.members[i];
  if (member === undefined) return [];
  const days = sentence`${read.number(`/members/${i}/days`)} of its ${
    read.count(`/members/${i}/length_days`, "day", "days")
  }`;
  const what = sentence`${nameOf(telling, i)} is not complete${
    read.proof(`/members/${i}/complete`)
  }: ${days} are counted`;
  const unranked = member.rank === null ? sentence`, and it is not ranked${read.proof(`/members/${i}/rank`)}` : NOTHING;
  return [tell("incomplete", sentence`${what}${unranked}${soFar(telling, i)}.`)];
}

function soFar(telling: Telling, i: number): Piece {
  const member = telling.answer.members[i];
  const change = member?.change_from_previous ?? null;
  if (member?.rank !== null || change === null || change.relative === null || change.difference === 0) return NOTHING;
  const from = nameOf(telling, telling.place(change.key));
  return sentence`; against as many days of ${from} it is ${changeText(telling, i, "change_from_previous", NOTHING)}`;
}

/** Where months of different length are ranked by what they have, and another one is ahead by the day. */
function rate(telling: Telling): ComparisonInsight[] {
  const { answer, read } = telling;
  if (answer.ranked_by !== "value" || answer.better === null || answer.best.length !== 1) return [];
  const sign = answer.better === "lower" ? -1 : 1;
  const rates = answer.members.map(({ rank, per_day }) =>
    rank === null || per_day === null ? -Infinity : sign * per_day
  );
  const most = Math.max(-Infinity, ...rates);
  const [at, ...others] = rates.flatMap((rate, i) => rate === most && rate !== -Infinity ? [i] : []);
  const best = telling.place(answer.best[0] ?? "");
  if (at === undefined || others.length > 0 || at === best || answer.members[best]?.per_day === null) return [];
  const own = sentence`${nameOf(telling, at)} is ahead with ${read.amount(`/members/${at}/per_day`)}`;
  const other = sentence`${read.amount(`/members/${best}/per_day`)} in ${nameOf(telling, best)}`;
  return [tell("rate", sentence`Per day ${own}, against ${other}.`)];
}
