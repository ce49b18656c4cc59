import type { Needs } from "../context.ts";
import { invalid } from "../errors.ts";
import { correlatedPairs } from "./correlated_pair.ts";
import type { CorrelationRequest } from "./correlation_schema.ts";
import { seriesUsed } from "./labels.ts";
import type { Calculated } from "./schema.ts";
import { readAligned } from "./series.ts";
import { percent } from "./wording.ts";

/** Pairs of periods that are looked at on this thread, at most: some 20 ms. */
const MOST_HERE = 5_000;

/**
 * Correlates series on the same calendar periods, pair by pair.
 * @throws {DomainError} `invalid` as `readAligned`, and for a pair of places that are the same or that no series has
 */
export async function correlate(
  ctx: Needs<"db" | "config" | "heavy">,
  request: CorrelationRequest,
): Promise<Calculated> {
  const { confidence_level, max_lag, interval } = request;
  const places = request.pairs ?? allPairs(request.series.length);
  for (const [i, pair] of places.entries()) checkPair(pair, i, request.series.length);
  const refs = request.series.map((ref, i) => ({ ref, pointer: `/series/${i}` }));
  const { series, meta } = await readAligned(ctx, refs, request);
  const input = { series, pairs: places, question: { confidence_level, max_lag, interval } };
  const isLong = places.length * meta.periods > MOST_HERE;
  const pairs = isLong ? await ctx.heavy.compute("correlate", input) : correlatedPairs(input);
  const told = pairs.filter((pair) => pair.pearson !== null);
  if (told.length === 0) return { status: "insufficient_data", reason: pairs[0]?.reason ?? null, meta };
  const many = told.length > 1
    ? [
      `${told.length} pairs are tested: of unrelated ones about ${
        percent(1 - confidence_level)
      } look significant, so ` +
      "p-values near that are weak evidence",
    ]
    : [];
  return {
    status: "ok",
    reason: null,
    correlation: { confidence_level, series: series.map(seriesUsed), pairs },
    meta: { ...meta, warnings: [...meta.warnings, ...many] },
  };
}

function allPairs(n: number): [number, number][] {
  return Array.from({ length: n }, (_, i) => i).flatMap((i) =>
    Array.from({ length: n - 1 - i }, (_, k): [number, number] => [i, i + 1 + k])
  );
}

function checkPair([i, j]: readonly [number, number], place: number, n: number): void {
  if (i === j) throw invalid(`/pairs/${place}`, "must name two different series");
  if (Math.max(i, j) >= n) throw invalid(`/pairs/${place}`, `must name places from 0 to ${n - 1}`);
}
