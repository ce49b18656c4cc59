import type { ComparisonInsight, ComparisonResponse } from "./answer.ts";
import { NOTHING, type Piece, type Reader, sentence } from "./sentences.ts";

/** The part of an answer that insights speak of. */
export type Told = Omit<ComparisonResponse, "insights" | "meta">;

/** What is told, how its pieces are read, and the place of each member by its key. */
export type Telling = { answer: Told; read: Reader; place: (key: string) => number };

/** An insight of some kind from a sentence; names are left as they are, even where they begin it. */
export function tell(kind: ComparisonInsight["kind"], { text, evidence }: Piece): ComparisonInsight {
  return { kind, text: text.replace(/^the week of /, "The week of "), evidence };
}

/** A word that needs no evidence, for it says nothing by itself. */
export const word = (text: string): Piece => ({ text, evidence: [] });

/** What a member is called. */
export const nameOf = ({ read }: Telling, i: number): Piece => read.name(`/members/${i}/label`);

/** Where what ranks a member stands. */
export function measurePath({ answer }: Telling, i: number): string {
  return `/members/${i}/${answer.ranked_by}`;
}

/** What ranks a member. */
export function measure(telling: Telling, i: number): Piece {
  const amount = telling.read.amount(measurePath(telling, i));
  return telling.answer.ranked_by === "value" ? amount : sentence`${amount} a day${telling.read.proof("/ranked_by")}`;
}

/** What ranks a member, with its metric where members have different ones. */
export function ownMeasure(telling: Telling, i: number): Piece {
  const { answer: { comparison_type, metric_name }, read } = telling;
  const amount = measure(telling, i);
  return comparison_type === "service" && metric_name === null
    ? sentence`${amount} (${read.name(`/members/${i}/metric_name`)})`
    : amount;
}

/** What follows an amount that is an average. */
export const onAverage = ({ answer, read }: Telling): Piece =>
  answer.aggregation === "avg" ? sentence` on average${read.proof("/aggregation")}` : NOTHING;

/** The places of the members with a rank. */
export function ranked({ answer }: Telling, rank: number): number[] {
  return answer.members.flatMap((member, i) => member.rank === rank ? [i] : []);
}
