/**
 * How well anomalies are found: years of daily series with faults put into them, by seed. Prints average precision and F1
 * at the default threshold, the means over the years, beside those of the z-score of the whole year.
 * @module
 */
import { ANOMALY_THRESHOLD, seasonalResidualScores, zScoreAnomalies } from "../../services/math/mod.ts";
import { uniforms } from "../unit/math/seeded.ts";
import { type Fault, FAULTS, type Faulty, withFaults } from "./anomalies/faults.ts";
import { averagePrecision, f1 } from "./anomalies/measures.ts";
import { generatedYears, sharedYears, type Year } from "./anomalies/years.ts";

type Method = { name: string; threshold: number; score(values: number[]): number[] };

const question = { season_length: 7, recurrences: [364, 365], threshold: ANOMALY_THRESHOLD };
const OURS: Method = {
  name: "seasonal residuals",
  threshold: ANOMALY_THRESHOLD,
  score: (values) => seasonalResidualScores(values, question).map(({ score }) => score),
};
/** The z-score at the threshold of the textbook, and at the one that serves it best here. */
const OTHERS = [3, 2].map((threshold): Method => ({
  name: `z-score, ${threshold}`,
  threshold,
  score: (values) => zScoreAnomalies(values, threshold).z.map((z) => Math.abs(z ?? 0)),
}));

const SEEDS = [1, 2, 3];
const SINGLE_DAYS: readonly Fault[] = ["spike", "drop", "zero", "double"];

type Scores = { precision: number; f1: number; ms: number };

function scoresOf({ score, threshold }: Method, cases: readonly Faulty[]): Scores {
  const began = performance.now();
  const scores = cases.map(({ values }) => score(values));
  const ms = (performance.now() - began) / cases.length;
  const mean = (of: (own: readonly number[], faulty: readonly boolean[]) => number) =>
    cases.reduce((sum, { faulty }, i) => sum + of(scores[i] ?? [], faulty), 0) / cases.length;
  return {
    precision: mean(averagePrecision),
    f1: mean((own, faulty) => f1(own.map((one) => one >= threshold), faulty)),
    ms,
  };
}

function print(set: string, kinds: string, cases: readonly Faulty[]): void {
  const ours = scoresOf(OURS, cases);
  const line = (name: string, { precision, f1, ms }: Scores) =>
    console.log(
      `| ${set.padEnd(18)} | ${kinds.padEnd(11)} | ${String(cases.length).padStart(5)} | ${name.padEnd(18)} | ` +
        `${precision.toFixed(3)} (${(ours.precision / precision).toFixed(2)}) | ${f1.toFixed(3)} ` +
        `(${(ours.f1 / f1).toFixed(2)}) | ${ms.toFixed(2)} |`,
    );
  line(OURS.name, ours);
  for (const other of OTHERS) line(other.name, scoresOf(other, cases));
}

function spoilt(years: readonly Year[], kinds: readonly Fault[]): Faulty[] {
  return years.flatMap(({ values }, i) => SEEDS.map((seed) => withFaults(values, uniforms(1_000 * seed + i), kinds)));
}

const years = [...await sharedYears(), ...generatedYears()];
console.log("| series             | faults      | years | method             | AP (ours/it)  | F1 (ours/it)  | ms |");
console.log("|--------------------|-------------|-------|--------------------|---------------|---------------|----|");
for (const [set, own] of Map.groupBy(years, (year) => year.set)) {
  print(set, "all kinds", spoilt(own, FAULTS));
  print(set, "single days", spoilt(own, SINGLE_DAYS));
}
