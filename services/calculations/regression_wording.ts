import type { TrendInterval } from "../analytics/trend.ts";
import type { LinearModel } from "../math/mod.ts";
import type { Regression } from "./regression_schema.ts";
import { inWords, listed, percent, pInWords } from "./wording.ts";

/** The fit in one line. */
export function equation(y: string, coefficients: Regression["coefficients"]): string {
  const parts = coefficients.map(({ term, value }) => ({
    sign: value < 0 ? "−" : "+",
    text: term === "intercept" ? inWords(Math.abs(value)) : `${inWords(Math.abs(value))} × ${quoted(term)}`,
  }));
  const [first, ...rest] = parts;
  const head = first === undefined ? "0" : first.sign === "−" ? `−${first.text}` : first.text;
  return [`${quoted(y)} = ${head}`, ...rest.map(({ sign, text }) => `${sign} ${text}`)].join(" ");
}

/** A name that would be taken for more than one when it stands in an equation. */
const quoted = (name: string) => /[^\w]/.test(name) ? `[${name}]` : name;

/** What a fit is told with. */
export type Told = {
  y: string;
  coefficients: Regression["coefficients"];
  checks: Regression["checks"];
  alpha: number;
  interval: TrendInterval;
};

/** What a fit says as a whole and of each term, as far as its p-values reach and its checks let them. */
export function interpretation({ r_squared, f }: Pick<LinearModel, "r_squared" | "f">, told: Told): string {
  const { y, coefficients, alpha } = told;
  const terms = coefficients.filter(({ term }) => term !== "intercept");
  if (f === null) return `The fit is exact: ${y} is computed from ${listed(terms.map(({ term }) => term))}.`;
  const explained = `R² = ${(r_squared ?? 0).toFixed(3)}, F(${f.df1}, ${f.df2}) = ${inWords(f.statistic)}, ${
    pInWords(f.p_value)
  }`;
  if (f.p_value >= alpha) return `Nothing here explains ${y} beyond chance (${explained}).`;
  const seen = terms.filter(({ p_value }) => p_value < alpha).map((one) => effect(one, terms.length > 1, told));
  const unseen = terms.filter(({ p_value }) => p_value >= alpha).map(({ term }) => term);
  return [
    `The fit explains ${percent(Number((r_squared ?? 0).toFixed(3)))} of the variation of ${y} (${explained}).`,
    ...seen,
    ...(unseen.length === 0 ? [] : [`Of ${listed(unseen)} no effect beyond chance is seen.`]),
    ...doubts(told),
    "What goes along need not be the cause.",
  ].join(" ");
}

type Coefficient = Regression["coefficients"][number];

function effect(
  { term, value, lower, upper, p_value }: Coefficient,
  isOneOfSeveral: boolean,
  { y, alpha, interval }: Told,
): string {
  const comma = term.includes(",") ? "," : "";
  const what = term === "trend" ? `Each further ${interval} goes` : `One more of ${term}${comma} goes`;
  const held = isOneOfSeveral ? ", the others held" : "";
  const range = `${percent(1 - alpha)} interval ${inWords(lower)} to ${inWords(upper)}, ${pInWords(p_value)}`;
  return `${what} with ${inWords(Math.abs(value))} ${value < 0 ? "less" : "more"} of ${y}${held} (${range}).`;
}

/** Which checks take the ground from under the p-values (Granger & Newbold 1974). */
function doubts({ checks, alpha, interval }: Told): string[] {
  const fails = (check: { p_value: number } | null) => check !== null && check.p_value < alpha;
  const alike = fails(checks.autocorrelation) ? [`residuals of neighbouring ${interval}s hang together`] : [];
  const uneven = fails(checks.constant_variance) ? ["the spread of the residuals is not the same everywhere"] : [];
  const why = [...alike, ...uneven];
  return why.length === 0
    ? []
    : [`But these p-values and intervals are not to be relied on, for ${listed(why)}: see checks.`];
}
