import type { ComparisonInsight } from "./answer.ts";
import { listed, NOTHING, type Piece, sentence } from "./sentences.ts";
import { measure, nameOf, onAverage, ownMeasure, ranked, tell, type Telling, word } from "./telling.ts";

/** Ratios below it are not worth a sentence. */
const SMALLEST_RATIO = 1.05;

/** Who is first, who last, how far apart they are, and who has nothing. */
export function rankingInsights(telling: Telling): ComparisonInsight[] {
  const { answer } = telling;
  const first = ranked(telling, 1);
  const missing = missingMembers(telling);
  if (answer.spread.n < 2) return [...alone(telling), ...missing];
  if (first.length === answer.spread.n) return [equal(telling, first), ...missing];
  const lead = first.length > 1 ? tie(telling, first) : leader(telling, first[0] ?? 0);
  return [lead, ...last(telling, first), ...missing];
}

/** The rank of who comes last. */
const lastRank = ({ answer }: Telling) => Math.max(1, ...answer.members.map(({ rank }) => rank ?? 1));

/** That somebody stands where a sentence says. */
const standing = ({ read }: Telling, i: number) => read.proof(`/members/${i}/rank`);

function leader(telling: Telling, i: number): ComparisonInsight {
  const { answer, read } = telling;
  const share = isOfAWhole(telling) ? answer.members[i]?.share ?? null : null;
  const whole = share === null ? NOTHING : sentence`, ${read.percent(`/members/${i}/share`)} of the total`;
  const [who, proof] = [nameOf(telling, i), standing(telling, i)];
  const amount = sentence`${ownMeasure(telling, i)}${onAverage(telling)}`;
  const next = nextTo(telling, i);
  switch (answer.better) {
    case "higher":
      return tell("leader", sentence`${who} leads with ${amount}${whole}${next}.${proof}`);
    case "lower":
      return tell(
        "leader",
        sentence`${who} is best with ${amount}${whole}, as lower is better here${
          read.proof("/better")
        }${next}.${proof}`,
      );
    case null:
      return tell("leader", sentence`${who} is highest with ${amount}${whole}${next}.${proof}`);
  }
}

/** Who comes after the first, if only one does. */
function nextTo(telling: Telling, first: number): Piece {
  const [second, ...more] = ranked(telling, 2);
  if (second === undefined || more.length > 0) return NOTHING;
  const [ahead, own] = [measure(telling, first), ownMeasure(telling, second)];
  const near = measure(telling, second).text === ahead.text;
  const how = near ? { text: " close behind", evidence: own.evidence } : sentence` with ${own}`;
  return sentence`; ${nameOf(telling, second)} is next${how}${standing(telling, second)}`;
}

/** Shares of a whole are told of services and segments, and of periods where there are several and these rank by value. */
function isOfAWhole({ answer }: Telling): boolean {
  return answer.comparison_type !== "time_period" || (answer.spread.n > 2 && answer.ranked_by === "value");
}

function tie(telling: Telling, first: readonly number[]): ComparisonInsight {
  const who = listed(first.map((i) => sentence`${nameOf(telling, i)}${standing(telling, i)}`));
  const amounts = listed(first.map((i) => measure(telling, i)));
  const { answer, read } = telling;
  const each = { text: measure(telling, first[0] ?? 0).text, evidence: amounts.evidence };
  const amount = sentence`${each} each${onAverage(telling)}`;
  switch (answer.better) {
    case "higher":
      return tell("tie", sentence`${who} share first place with ${amount}.`);
    case "lower":
      return tell(
        "tie",
        sentence`${who} share first place with ${amount}, as lower is better here${read.proof("/better")}.`,
      );
    case null:
      return tell("tie", sentence`${who} are highest with ${amount}.`);
  }
}

function equal(telling: Telling, all: readonly number[]): ComparisonInsight {
  const { read } = telling;
  const proof = listed(all.map((i) => measure(telling, i)));
  const each = { text: measure(telling, all[0] ?? 0).text, evidence: proof.evidence };
  const many = read.number("/spread/n");
  const who = all.length === 2 ? { text: "both", evidence: many.evidence } : sentence`all ${many}`;
  return tell("equal", sentence`There is no best and no worst: ${who} have ${each}${onAverage(telling)}.`);
}

function last(telling: Telling, first: readonly number[]): ComparisonInsight[] {
  const { answer, read } = telling;
  const bottom = ranked(telling, lastRank(telling));
  const ratio = answer.spread.ratio ?? 0;
  const [top, end] = [first[0] ?? 0, bottom[0] ?? 0];
  const times = sentence`${read.number("/spread/ratio")} times as much`;
  const gap = answer.better === "lower"
    ? sentence`${nameOf(telling, end)} has ${times} as ${nameOf(telling, top)}`
    : sentence`${nameOf(telling, top)} has ${times} as ${nameOf(telling, end)}`;
  const told = ratio >= SMALLEST_RATIO && first.length === 1 && bottom.length === 1;
  if (answer.spread.n === 2) {
    return told && answer.comparison_type !== "time_period" ? [tell("gap", sentence`${gap}.`)] : [];
  }
  const who = listed(bottom.map((i) => sentence`${nameOf(telling, i)}${standing(telling, i)}`));
  const amounts = listed(bottom.map((i) => measure(telling, i)));
  const alone = bottom.length === 1;
  const amount = alone ? ownMeasure(telling, end) : { text: measure(telling, end).text, evidence: amounts.evidence };
  const is = answer.better === null ? alone ? "is lowest" : "are lowest" : alone ? "is last" : "share last place";
  const among = (answer.other?.members ?? 0) > 0
    ? sentence` of those compared${read.proof("/other/members")}`
    : NOTHING;
  const each = sentence`${word(alone ? "" : " each")}${onAverage(telling)}`;
  return [
    tell("last", sentence`${who} ${word(is)}${among} with ${amount}${each}${told ? sentence`; ${gap}` : NOTHING}.`),
  ];
}

function alone(telling: Telling): ComparisonInsight[] {
  const { answer, read } = telling;
  const [only] = answer.members.flatMap((member, i) => member.rank === null ? [] : [i]);
  if (only === undefined) return [];
  const who = sentence`${nameOf(telling, only)}${standing(telling, only)}${read.proof("/spread/n")}`;
  const value = sentence`${nameOf(telling, only)} has ${measure(telling, only)}${onAverage(telling)} from ${
    read.count(`/members/${only}/n`, "reading", "readings")
  }.`;
  const why = answer.members.length === 1
    ? sentence`There is only ${who}, so there is nothing to compare it with.`
    : sentence`Only ${who} can be ranked, so there is no best and no worst.`;
  return [tell("alone", why), tell("basis", value)];
}

function missingMembers(telling: Telling): ComparisonInsight[] {
  const { answer, read } = telling;
  const silent = answer.members.flatMap(({ value }, i) => value === null ? [i] : []);
  if (silent.length === 0) return [];
  const who = listed(silent.map((i) => sentence`${nameOf(telling, i)}${read.proof(`/members/${i}/value`)}`));
  const they = word(silent.length === 1 ? "it has" : "they have");
  return [tell("missing", sentence`Of ${who} nothing is known: ${they} no value and no rank.`)];
}
