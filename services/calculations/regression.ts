import type { Needs } from "../context.ts";
import { calledAlike, seriesUsed } from "./labels.ts";
import type { PeriodSeries } from "./period_series.ts";
import { fitRegression, type NoFit } from "./regression_fit.ts";
import { type RegressionRows, regressionRows } from "./regression_rows.ts";
import type { RegressionRequest } from "./regression_schema.ts";
import type { Calculated } from "./schema.ts";
import { type AlignedSeries, readAligned } from "./series.ts";
import { periodsOf } from "./wording.ts";

/** Values of all terms that are fitted on this thread, at most: some 20 ms. */
const MOST_HERE = 5_000;

/**
 * Explains one series by others on the same calendar periods, by ordinary least squares with an intercept.
 * @throws {DomainError} `invalid` as `readAligned`
 */
export async function regress(
  ctx: Needs<"db" | "config" | "heavy">,
  request: RegressionRequest,
): Promise<Calculated> {
  const { confidence_level, interval } = request;
  const refs = [request.y, ...request.x.map(({ lag: _lag, ...ref }) => ref)];
  const placed = refs.map((ref, i) => ({ ref, pointer: i === 0 ? "/y" : `/x/${i - 1}` }));
  const aligned = await readAligned(ctx, placed, request);
  const [y, ...x] = calledAlike(aligned.series);
  if (y === undefined) throw new TypeError("There is a series for every reference");
  const rows = regressionRows(request, y, x, aligned.window);
  const input = { rows, y: y.label, confidence_level, interval };
  const isLong = rows.y.length * rows.terms.length > MOST_HERE;
  const found = isLong ? await ctx.heavy.compute("regress", input) : fitRegression(input);
  const missing = aligned.series.find((one) => one.unrecorded !== null)?.unrecorded ?? null;
  if (missing !== null) return insufficient(missing, aligned);
  if (found.status !== "ok") return insufficient(lack(y, rows, found, request), aligned);
  const { equation, n, df, ...fit } = found.fit;
  const regression = { ...{ equation, y: seriesUsed(y), x: x.map(seriesUsed), n, df }, ...fit };
  return { status: "ok", reason: null, regression, meta: withGaps(aligned, rows) };
}

function insufficient(reason: string, { meta }: AlignedSeries): Calculated {
  return { status: "insufficient_data", reason, meta };
}

/** What a regression lacks. */
function lack(
  { label }: PeriodSeries,
  { y, terms }: RegressionRows,
  found: NoFit,
  { interval }: RegressionRequest,
): string {
  switch (found.status) {
    case "too_few_rows":
      return `y and all x are known in ${periodsOf(y.length, interval)}, and ${
        terms.length + 1
      } coefficients need at ` +
        `least ${found.needed}`;
    case "collinear": {
      const term = terms[found.column] ?? "the intercept";
      return `${term} is always the same, or made up of the terms before it, so their effects cannot be told apart: leave ` +
        "it out";
    }
    case "out_of_range":
      return "The values are too large or too close together for a regression";
    case "constant":
      return `${label} is the same in all ${periodsOf(y.length, interval)}: there is nothing to explain`;
  }
}

function withGaps({ meta }: AlignedSeries, { y, gaps }: RegressionRows): AlignedSeries["meta"] {
  const missing = meta.periods - y.length;
  if (missing === 0) return meta;
  const between = gaps ? "; some lie in between, and the checks take their neighbours as neighbours" : "";
  const warning = `${periodsOf(missing, meta.interval)} left out, in which y or an x is not known${between}`;
  return { ...meta, warnings: [...meta.warnings, warning] };
}
