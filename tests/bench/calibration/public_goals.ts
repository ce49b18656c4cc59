import type { Frequency } from "../../../services/math/mod.ts";
import { replayDaily, type Replayed, replaySteps } from "./replay.ts";

const FOLDER = new URL("../../../../shared/forecast/data/", import.meta.url);

/** A public series: its history, what came next, and how it is read. */
type PublicSeries = { id: string; s: number; y: (number | null)[]; t: (number | null)[] };

const SETS: { file: string; frequency: Frequency; goals_each: number; most: number }[] = [
  { file: "nn5_daily", frequency: "daily", goals_each: 6, most: 56 },
  { file: "business_daily_h28", frequency: "daily", goals_each: 4, most: 92 },
  { file: "business_weekly", frequency: "weekly", goals_each: 10, most: 15 },
  { file: "m3_monthly", frequency: "monthly", goals_each: 1, most: 300 },
  { file: "m1_monthly", frequency: "monthly", goals_each: 1, most: 200 },
  { file: "intermittent_monthly", frequency: "monthly", goals_each: 1, most: 100 },
];

/** Goals on the public series beside the project; none where there are none. */
export async function publicGoals(uniform: () => number): Promise<Replayed[]> {
  const goals: Replayed[] = [];
  for (const { file, frequency, goals_each, most } of SETS) {
    for (const one of (await seriesOf(file)).slice(0, most)) {
      const values = [...filled(one.y), ...filled(one.t)];
      for (let i = 0; i < goals_each; i++) {
        const goal = frequency === "daily"
          ? replayDaily({ id: one.id, values }, file, uniform)
          : stepGoal(one, values, { file, frequency }, uniform);
        if (goal !== null) goals.push(goal);
      }
    }
  }
  return goals;
}

function stepGoal(
  { id, s, t }: PublicSeries,
  values: number[],
  { file, frequency }: { file: string; frequency: Frequency },
  uniform: () => number,
): Replayed | null {
  const known = values.length - t.length - Math.floor(uniform() * values.length / 4);
  const [history, future] = [values.slice(0, known), values.slice(known, known + t.length)];
  return replaySteps({ id, history, future, frequency, season_length: s }, file, uniform);
}

/** Each missing value is that before it. */
function filled(values: readonly (number | null)[]): number[] {
  let last = values.find((value) => value !== null) ?? 0;
  return values.map((value) => last = value ?? last);
}

async function seriesOf(name: string): Promise<PublicSeries[]> {
  try {
    const file = await Deno.open(new URL(`${name}.ndjson.gz`, FOLDER));
    const text = await new Response(file.readable.pipeThrough(new DecompressionStream("gzip"))).text();
    return text.trim().split("\n").map((line) => JSON.parse(line));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
