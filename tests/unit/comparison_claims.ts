import { ok } from "node:assert/strict";
import type { ComparisonInsight } from "../../services/comparisons/answer.ts";
import type { Told } from "../../services/comparisons/telling.ts";

/**
 * Holds an insight to the answer that it stands in, by another way than it was made: each pointer leads to its value, each
 * number of the text is that of some evidence, and words of difference and rank are those of the answer.
 */
export function checkClaims(answer: Told, insight: ComparisonInsight): void {
  for (const { path, value } of insight.evidence) {
    const found = pointed(answer, path);
    // A pointer at the whole of a test says only whether there is one.
    ok(value === found || (path === "/significance" && value === null && found === null), `${path}: ${insight.text}`);
  }
  for (const shown of numbersOf(answer, insight)) {
    ok(insight.evidence.some(({ value }) => isShown(value, shown)), `${shown}: ${JSON.stringify(insight)}`);
  }
  ok(!/unknown number|NaN|Infinity|undefined|null|\[object/.test(nameless(answer, insight)), insight.text);
  checkChance(answer, insight);
  checkPlaces(answer, insight);
}

/** The value at a JSON pointer. */
function pointed(answer: unknown, path: string): unknown {
  return path.split("/").slice(1).reduce<unknown>(
    (at, step) => typeof at === "object" && at !== null ? Reflect.get(at, step) : undefined,
    answer,
  );
}

/** The text without the names and units that it says, whose digits are no numbers. */
function nameless(answer: Told, { text, evidence }: ComparisonInsight): string {
  const names = evidence.flatMap(({ value }) => typeof value === "string" && value !== "" ? [value] : []);
  const longestFirst = [...names, answer.unit ?? "count"].sort((a, b) => b.length - a.length);
  return longestFirst.reduce((rest, name) => without(name, rest.replaceAll(`"${name}"`, "_")), text);
}

/** A text without a name that needs no quotation marks: one that begins with a letter or a year. */
function without(name: string, text: string): string {
  if (!/^(\p{L}|\d{4})/u.test(name)) return text;
  const literal = name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  return text.replace(new RegExp(`(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`, "gu"), "_");
}

const NUMBER = /−?\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?(?: %)?/g;

const numbersOf = (answer: Told, insight: ComparisonInsight) => nameless(answer, insight).match(NUMBER) ?? [];

/** Whether a value, rounded as a number is shown, is that number; percentages are shown without a sign. */
function isShown(value: unknown, shown: string): boolean {
  if (typeof value !== "number") return false;
  const digits = shown.replaceAll(",", "").replace("−", "-").replace(" %", "");
  const [mantissa = "", exponent = "0"] = digits.split("e");
  const power = Number(exponent) - (shown.endsWith("%") ? 2 : 0);
  const unit = 10 ** (power - (mantissa.split(".")[1]?.length ?? 0));
  const said = shown.endsWith("%") ? Math.abs(value) : value;
  const distance = Math.abs(said - Number(`${mantissa}e${power}`));
  const precise = distance <= 0.05001 * Math.abs(said); // two digits that count, at least
  return precise && distance <= unit / 2 + Math.abs(said) * 1e-9;
}

const CLAIMS = /more than chance \(|significant by means|are significant \(|differ by more than/;

/** Only a significant test speaks of more than chance, and of a lead only a significant pair whose first is ahead. */
function checkChance(answer: Told, insight: ComparisonInsight): void {
  const { significance: test, significance_reason } = answer;
  const { kind, text, evidence } = insight;
  if (kind !== "chance") return ok(!/significan|chance/.test(nameless(answer, insight)), text);
  if (/cannot be told/.test(text)) return ok(test === null && significance_reason !== null, text);
  ok(test !== null && /chance/.test(text), text);
  if (!CLAIMS.test(text)) return;
  ok(test.significant, text);
  ok(test.ranks === null || test.ranks.significant || /by ranks .* may be chance/.test(text), text);
  if (!text.startsWith("The lead of")) return;
  ok(
    test.pairwise.some(({ significant }, i) =>
      significant && evidence.some(({ path }) => path === `/significance/pairwise/${i}/p_adjusted`)
    ),
    text,
  );
}

/** Who is said to be first or last is so in the answer, and nobody is where neither way is better. */
function checkPlaces(answer: Told, { kind, text, evidence }: ComparisonInsight): void {
  const ranks = answer.members.flatMap(({ rank }) => rank ?? []);
  const firsts = ranks.filter((rank) => rank === 1).length;
  const ranked = evidence.filter(({ path }) => path.endsWith("/rank")).map(({ value }) => value);
  if (kind === "leader") ok(firsts === 1 && ranked.includes(1) && ranks.length > 1, text);
  if (kind === "tie") ok(firsts > 1 && firsts < ranks.length && ranked.every((rank) => rank === 1), text);
  if (kind === "equal") ok(firsts === ranks.length && firsts > 1, text);
  if (kind === "last") ok(ranked.every((rank) => rank === Math.max(...ranks)) && Math.max(...ranks) > 1, text);
  if (kind === "alone") ok(ranks.length === 1 && answer.best.length + answer.worst.length === 0, text);
  if (answer.better === null && kind !== "equal" && kind !== "alone") {
    ok(!/ leads | is best |first place|last place/.test(nameless(answer, { kind, text, evidence })), text);
  }
}
