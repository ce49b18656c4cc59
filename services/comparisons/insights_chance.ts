import type { ComparisonInsight, Significance } from "./answer.ts";
import { type Piece, sentence } from "./sentences.ts";
import { nameOf, ranked, tell, type Telling } from "./telling.ts";

/** Whether who leads does so by more than chance; "may be chance" wherever that is not shown. */
export function chanceInsights(telling: Telling): ComparisonInsight[] {
  const { answer, read } = telling;
  const [first, ...ties] = ranked(telling, 1);
  if (answer.spread.n < 2 || 1 + ties.length === answer.spread.n) return []; // nobody to set apart
  const test = answer.significance;
  if (test === null) {
    const why = sentence`${read.clause("/significance_reason")}${read.proof("/significance")}`;
    return [tell("chance", sentence`Whether these differences are more than chance cannot be told: ${why}.`)];
  }
  const [second, ...more] = ranked(telling, 2);
  if (first === undefined || second === undefined || ties.length > 0 || more.length > 0) {
    return [overall(telling, test)];
  }
  return [lead(telling, test, { first, second })];
}

const level = ({ read }: Telling) => sentence`at the ${read.percent("/significance/level")} level`;
const proof = ({ read }: Telling) => read.proof("/significance/significant");

/** All members together. */
function overall(telling: Telling, test: Significance): ComparisonInsight {
  const p = telling.read.chance("/significance/p_value");
  const said = !test.significant
    ? sentence`The differences between them may be chance (${p}, not significant ${level(telling)}).`
    : isDoubtedByRanks(test)
    ? sentence`The differences between their means are significant (${p}, ${
      level(telling)
    }), but by ranks they may be chance (${ranksChance(telling)}).`
    : sentence`The members differ by more than chance (${p}, significant ${
      level(telling)
    }), which does not say so of each pair.`;
  return tell("chance", sentence`${said}${proof(telling)}`);
}

/** The first against the next. */
function lead(
  telling: Telling,
  test: Significance,
  { first, second }: Record<"first" | "second", number>,
): ComparisonInsight {
  const { answer, read } = telling;
  const [a, b] = [answer.members[first]?.key, answer.members[second]?.key];
  const at = test.pairwise.findIndex((pair) => (pair.a === a && pair.b === b) || (pair.a === b && pair.b === a));
  const pair = test.pairwise[at];
  const who = sentence`${nameOf(telling, first)} over ${nameOf(telling, second)}`;
  if (pair === undefined) return overall(telling, test);
  if (!test.significant) return tell("chance", notShown(telling, who, ofAll(telling, test)));
  const p = read.chance(`/significance/pairwise/${at}/p_adjusted`);
  const own = sentence`${proof(telling)}${
    read.proof(`/significance/pairwise/${at}/significant`, `/significance/pairwise/${at}/difference`)
  }`;
  const ahead = (pair.a === a ? 1 : -1) * pair.difference * (answer.better === "lower" ? -1 : 1) > 0;
  if (!ahead) return tell("chance", sentence`${byAnotherMean(telling, who)}${own}`);
  if (!pair.significant) return tell("chance", sentence`${notShown(telling, who, sentence` (${p})`)}${own}`);
  if (isDoubtedByRanks(test)) {
    const doubt = sentence`but by ranks the differences may be chance (${ranksChance(telling)})`;
    return tell(
      "chance",
      sentence`The lead of ${who} is significant by means (${p}, ${level(telling)}), ${doubt}.${own}`,
    );
  }
  return tell("chance", sentence`The lead of ${who} is more than chance (${p}, significant ${level(telling)}).${own}`);
}

function notShown(telling: Telling, who: Piece, why: Piece): Piece {
  return sentence`The lead of ${who} may be chance${why}.${proof(telling)}`;
}

/** The chance of two is their own; of more it is that of all, without which no pair is called different. */
function ofAll({ read }: Telling, { members }: Significance): Piece {
  const p = read.chance("/significance/p_value");
  if (members === 2) return sentence` (${p})`;
  return sentence`, as the differences between all ${read.number("/significance/members")} are not significant (${p})`;
}

/** Where who leads is not who has the better mean of intervals, as by averages of few and many readings. */
function byAnotherMean(telling: Telling, who: Piece): Piece {
  const interval = telling.read.text("/interval");
  return sentence`The lead of ${who} may be chance: the mean of its ${interval}s is not ahead.${proof(telling)}`;
}

const isDoubtedByRanks = ({ ranks }: Significance) => ranks !== null && !ranks.significant;
const ranksChance = ({ read }: Telling) =>
  sentence`${read.chance("/significance/ranks/p_value")}${read.proof("/significance/ranks/significant")}`;
