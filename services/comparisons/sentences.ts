import type { ComparisonInsight } from "./answer.ts";
import { LEVEL } from "./significance.ts";

/** A piece of a sentence, and where what it says stands. */
export type Piece = { text: string; evidence: ComparisonInsight["evidence"] };

type Value = ComparisonInsight["evidence"][number]["value"];

/**
 * A sentence whose every claim comes with its evidence: numbers and names get into it only as pieces that were read from
 * the answer, so that it cannot say what does not stand there.
 */
export function sentence(parts: TemplateStringsArray, ...pieces: Piece[]): Piece {
  const text = parts.map((part, i) => part + (pieces[i]?.text ?? "")).join("");
  const evidence = new Map(pieces.flatMap((piece) => piece.evidence).map((one) => [one.path, one]));
  return { text, evidence: [...evidence.values()] };
}

/** Nothing said, and nothing to prove. */
export const NOTHING: Piece = { text: "", evidence: [] };

/** Pieces as a list: "a", "a and b", "a, b and c"; of more than five the first four "and others", whom the evidence names. */
export function listed(pieces: readonly Piece[]): Piece {
  const shown = pieces.length > 5 ? [...pieces.slice(0, 4), { text: "others", evidence: [] }] : pieces;
  const hidden = pieces.length > 5 ? pieces.slice(4) : [];
  const texts = shown.map((piece) => piece.text);
  const text = texts.length < 2 ? texts.join("") : `${texts.slice(0, -1).join(", ")} and ${texts.at(-1)}`;
  return { text, evidence: [...shown, ...hidden].flatMap((piece) => piece.evidence) };
}

/** What reads pieces out of one answer. */
export type Reader = ReturnType<typeof reader>;

/** The unit of a count of readings. */
export const READINGS = "readings";

/**
 * Reads pieces out of an answer by JSON pointers.
 * @param unit of the values; "count" and no unit are left unsaid
 */
export function reader(answer: unknown, unit: string | null) {
  const at = (path: string, say: (value: Value) => string): Piece => {
    const value = valueAt(answer, path);
    return { text: say(value), evidence: [{ path, value }] };
  };
  const proof = (...paths: string[]) => paths.map((path) => ({ path, value: valueAt(answer, path) }));
  const numeric = (say: (value: number) => string) => (path: string) =>
    at(path, (value) => typeof value === "number" ? say(value) : "an unknown number");
  return {
    /** A name, in quotation marks where it could be taken for something else. */
    name: (path: string) => at(path, (value) => nameText(String(value))),
    /** A word of the answer as it is. */
    text: (path: string) => at(path, String),
    /** A sentence of the answer as part of another. */
    clause: (path: string) => at(path, (value) => String(value).replace(/^./u, (first) => first.toLowerCase())),
    /** A value of the metric, with its unit. */
    amount: (path: string) => {
      const { text, evidence } = numeric((value) => withUnit(value, unit))(path);
      return {
        text,
        evidence: [...evidence, ...unit === null ? [] : proof(unit === READINGS ? "/aggregation" : "/unit")],
      };
    },
    number: numeric(numberText),
    /** A share or relative change, without its sign where the words say which way. */
    percent: numeric((value) => `${percentText(Math.abs(value))} %`),
    /** How many of something. */
    count: (path: string, one: string, many: string) =>
      numeric((value) => `${numberText(value)} ${value === 1 ? one : many}`)(path),
    /** A p-value. */
    chance: numeric((value) => value === 0 ? "p too small to write" : `p = ${chanceText(value)}`),
    /** What is not said but proves what is. */
    proof: (...paths: string[]): Piece => ({ text: "", evidence: proof(...paths) }),
  };
}

/** The value at a JSON pointer (RFC 6901), null where there is none or it is no single value. */
function valueAt(answer: unknown, path: string): Value {
  const found = path.split("/").slice(1).reduce<unknown>(
    (part, step) =>
      typeof part === "object" && part !== null
        ? Object.entries(part).find(([key]) => key === step.replaceAll("~1", "/").replaceAll("~0", "~"))?.[1]
        : undefined,
    answer,
  );
  return typeof found === "string" || typeof found === "number" || typeof found === "boolean" ? found : null;
}

const PLAIN_NAME = /^[\p{L}][\p{L}\p{N}_ -]*$/u;
const PERIOD_NAME = /^(Q\d )?\d{4}(-\d{2}-\d{2}( to \d{4}-\d{2}-\d{2})?)?$/;
const WEEK_NAME = /^week of \d{4}-\d{2}-\d{2}$/;

/** A name as it stands in a sentence. */
function nameText(name: string): string {
  if (WEEK_NAME.test(name)) return `the ${name}`;
  return PLAIN_NAME.test(name) || PERIOD_NAME.test(name) ? name : `"${name}"`;
}

function withUnit(value: number, unit: string | null): string {
  if (unit === null || unit === "count") return numberText(value);
  return `${numberText(value)} ${unit === READINGS && value === 1 ? "reading" : unit}`;
}

const formatter = (maximumFractionDigits: number) => new Intl.NumberFormat("en-US", { maximumFractionDigits });
const WHOLE = formatter(0);
const TENTHS = formatter(1);
const HUNDREDTHS = formatter(2);

/** A number in English, to two or three digits at least, or whole. */
function numberText(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e15 || (size > 0 && size < 0.1)) return smallText(value);
  if (Number.isInteger(value) || size >= 1000) return signed(WHOLE.format(value));
  return signed((size >= 10 ? TENTHS : HUNDREDTHS).format(value));
}

/** Two digits that count, whatever the size. */
function smallText(value: number): string {
  const size = Math.abs(value);
  const text = size >= 1e15 || size < 1e-4 ? value.toExponential(1) : String(Number(value.toPrecision(2)));
  return signed(text);
}

/** Two digits, or as many as show on which side of the level it lies. */
function chanceText(p: number): string {
  const digits = [2, 3, 4, 5, 6].find((count) => Number(p.toPrecision(count)) < LEVEL === p < LEVEL) ?? 2;
  return digits === 2 ? smallText(p) : String(Number(p.toPrecision(digits)));
}

/** Minus as it is printed, but for exponents. */
const signed = (text: string) => text.replace(/^-/, "−");

/** A share in percent; of huge ones the exponent is moved, as a hundred times as much may be no double. */
function percentText(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 1) return smallText(percent);
  if (percent >= 1e15) return share.toExponential(1).replace(/\d+$/, (exponent) => String(Number(exponent) + 2));
  const rounded = percent >= 10 ? WHOLE.format(percent) : TENTHS.format(percent);
  return rounded === "100" && share !== 1 ? HUNDREDTHS.format(percent) : rounded;
}
