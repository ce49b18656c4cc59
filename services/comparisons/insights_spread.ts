import type { ComparisonInsight } from "./answer.ts";
import { sentence } from "./sentences.ts";
import { nameOf, tell, type Telling, word } from "./telling.ts";

/** The three largest are worth a sentence from here on. */
const CONCENTRATED = 0.75;
/** Parts among which three are few. */
const FEWEST_PARTS = 5;
/** How much more one must vary than another to be named. */
const STEADIER = 1.5;

/** How the whole is spread over members, and how each of them varies. */
export function spreadInsights(telling: Telling): ComparisonInsight[] {
  return [...concentration(telling), ...other(telling), ...variation(telling)];
}

function concentration({ answer, read }: Telling): ComparisonInsight[] {
  const found = answer.concentration;
  if (found === null || found.parts < FEWEST_PARTS || found.three_largest_share < CONCENTRATED) return [];
  const what = answer.comparison_type === "service" ? "services" : "segments";
  const [share, parts] = [read.percent("/concentration/three_largest_share"), read.number("/concentration/parts")];
  return [tell("concentration", sentence`The three largest of ${parts} ${word(what)} make up ${share} of the total.`)];
}

function other({ answer, read }: Telling): ComparisonInsight[] {
  if (answer.other === null || (answer.other.share ?? 0) === 0) return [];
  const [many, value] = [read.count("/other/members", "smaller one", "smaller ones"), read.amount("/other/value")];
  const share = read.percent("/other/share");
  const what = answer.other.members === 0
    ? sentence`What has no ${read.name("/segment_by")}${read.proof("/other/members")}`
    : sentence`Everything else, ${many} among it,`;
  return [tell("other", sentence`${what} has ${value}: ${share} of the total.`)];
}

function variation(telling: Telling): ComparisonInsight[] {
  const { answer, read } = telling;
  const known = answer.members.flatMap(({ coefficient_of_variation: cv, rank }, i) =>
    cv === null || rank === null ? [] : [{ i, cv }]
  ).sort((a, b) => b.cv - a.cv);
  const [most, least] = [known[0], known.at(-1)];
  if (most === undefined || least === undefined || known.length < 2 || most.cv === 0) return [];
  if (most.cv < STEADIER * least.cv || most.cv === known[1]?.cv) return [];
  if (least.cv === known.at(-2)?.cv && known.length > 2) return [];
  const cv = (i: number) => read.number(`/members/${i}/coefficient_of_variation`);
  const [who, than] = [sentence`${nameOf(telling, most.i)} varies`, nameOf(telling, least.i)];
  const said = known.length > 2
    ? sentence`${who} most (coefficient of variation ${cv(most.i)}) and ${than} least (${cv(least.i)})`
    : sentence`${who} more (coefficient of variation ${cv(most.i)}) than ${than} (${cv(least.i)})`;
  const interval = read.text("/interval");
  return [tell("variation", sentence`From ${interval} to ${interval} ${said}.`)];
}
