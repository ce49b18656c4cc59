import type { LinearModel } from "../math/mod.ts";
import type { Regression } from "./regression_schema.ts";
import { inWords, percent, pInWords } from "./wording.ts";

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

/** What a fit says as a whole and of each term, as far as its p-values reach. */
export function interpretation(
  { r_squared, f }: Pick<LinearModel, "r_squared" | "f">,
  { y, coefficients, alpha }: { y: string; coefficients: Regression["coefficients"]; alpha: number },
): string {
  const terms = coefficients.filter(({ term }) => term !== "intercept");
  if (f === null) return `The fit is exact: ${y} is computed from ${terms.map(({ term }) => term).join(", ")}.`;
  const explained = `R² = ${(r_squared ?? 0).toFixed(3)}, F(${f.df1}, ${f.df2}) = ${inWords(f.statistic)}, ${
    pInWords(f.p_value)
  }`;
  if (f.p_value >= alpha) return `Nothing here explains ${y} beyond chance (${explained}).`;
  const held = terms.length > 1 ? ", the others held" : "";
  const told = terms.filter(({ p_value }) => p_value < alpha).map((one) => effect(one, held, alpha));
  const untold = terms.filter(({ p_value }) => p_value >= alpha).map(({ term }) => term);
  return [
    `The fit has ${percent(Number((r_squared ?? 0).toFixed(3)))} of the variation of ${y} (${explained}).`,
    ...told,
    ...(untold.length === 0 ? [] : [`Of ${untold.join(", ")} no effect beyond chance is seen.`]),
    "What goes along need not be the cause.",
  ].join(" ");
}

type Coefficient = Regression["coefficients"][number];

function effect({ term, value, lower, upper, p_value }: Coefficient, held: string, alpha: number): string {
  const what = term === "trend" ? "Each further period goes" : `One more of ${term} goes`;
  const range = `${percent(1 - alpha)} interval ${inWords(lower)} to ${inWords(upper)}, ${pInWords(p_value)}`;
  return `${what} with ${inWords(Math.abs(value))} ${value < 0 ? "less" : "more"}${held} (${range}).`;
}
