/**
 * `deno task bench:calibration`: of goals given 70 %, are 70 % reached? Replays goals on generated series and, where they
 * lie beside the project, on public ones, through the functions that the service uses. And how much of the future the
 * intervals of the forecasts hold, by level, on the guard set of the tests.
 */
import { uniforms } from "../../unit/math/seeded.ts";
import { mean } from "../../support/forecast_scores.ts";
import { generatedSeries } from "./generated.ts";
import { coverageByLevel, LEVELS } from "./levels.ts";
import { publicGoals } from "./public_goals.ts";
import { type Reliability, reliability } from "./reliability.ts";
import { replayDaily, type Replayed } from "./replay.ts";

const SEED = 20_251_224;
/** The error that must not be passed. */
const MOST_ERROR = 0.05;

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

function show(name: string, { n, bands, error, brier, linear_brier, linear_error, coverage }: Reliability): void {
  console.log(`\n${name}: ${n} goals`);
  console.log("| said | goals | mean | reached |\n|---|---|---|---|");
  for (const [i, band] of bands.entries()) {
    console.log(`| ${i * 10}–${i * 10 + 10} % | ${band.n} | ${percent(band.said)} | ${percent(band.came)} |`);
  }
  console.log(
    `calibration error ${error.toFixed(3)} (straight line: ${linear_error.toFixed(3)}), ` +
      `Brier ${brier.toFixed(3)} (${linear_brier.toFixed(3)}), ` +
      `the fan's 50/80/95 % hold ${coverage.map(percent).join(" / ")}`,
  );
}

function showLevels(): void {
  const kinds = coverageByLevel();
  const line = (name: string, shares: readonly number[]) => `| ${name} | ${shares.map(percent).join(" | ")} |`;
  console.log(`\nintervals of the guard set\n${line("claimed", LEVELS)}\n|${"---|".repeat(LEVELS.length + 1)}`);
  for (const { kind, held } of kinds) console.log(line(kind, held));
  console.log(line("all", LEVELS.map((_, i) => mean(kinds.map(({ held }) => held[i] ?? NaN)))));
}

/** Goals on generated series, several for each. */
export function generatedGoals(series: number, each: number, seed = SEED): Replayed[] {
  const uniform = uniforms(seed);
  return generatedSeries(series, 1_095, seed).flatMap((one) =>
    Array.from({ length: each }, () => replayDaily(one, one.id.split(" ")[0] ?? "", uniform)).filter((goal) =>
      goal !== null
    )
  );
}

if (import.meta.main) {
  const sets = { generated: generatedGoals(240, 5), public: await publicGoals(uniforms(SEED)) };
  let worst = 0;
  for (const [name, goals] of Object.entries(sets)) {
    if (goals.length === 0) continue;
    const all = reliability(goals);
    show(name, all);
    worst = Math.max(worst, all.error);
    for (const [group, own] of Object.entries(Object.groupBy(goals, (goal) => goal.group))) {
      const { n, error, coverage } = reliability(own ?? []);
      console.log(`  ${group.padEnd(14)} ${n} goals, error ${error.toFixed(3)}, ${coverage.map(percent).join(" / ")}`);
    }
  }
  showLevels();
  console.log(worst <= MOST_ERROR ? "\ncalibrated" : `\nNOT CALIBRATED: ${worst.toFixed(3)} > ${MOST_ERROR}`);
  if (worst > MOST_ERROR) Deno.exit(1);
}
