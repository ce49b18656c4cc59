import { normals, uniforms } from "../../unit/math/seeded.ts";

/** One year of one daily series. */
export type Year = { set: string; values: number[] };

/** Public daily series that lie beside the project, if they do. */
const SHARED = new URL("../../../../shared/forecast/data/", import.meta.url);
const SETS = ["nn5_daily", "business_daily_h28"];
const DAYS = 365;
const GENERATED = 40;

/** All whole years of the series beside the project; none where these are absent, which is said. */
export async function sharedYears(): Promise<Year[]> {
  const read = await Promise.all(
    SETS.map(async (set) => (await seriesOf(set)).flatMap((series) => yearsOf(set, series))),
  );
  return read.flat();
}

async function seriesOf(set: string): Promise<number[][]> {
  try {
    const file = await Deno.open(new URL(`${set}.ndjson.gz`, SHARED));
    const text = await new Response(file.readable.pipeThrough(new DecompressionStream("gzip"))).text();
    return text.trim().split("\n").map((line) => JSON.parse(line).y.map(Number));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.log(`skipped: ${set} is not beside the project`);
    return [];
  }
}

function yearsOf(set: string, series: readonly number[]): Year[] {
  const years = Math.floor(series.length / DAYS);
  const first = series.length - years * DAYS;
  return Array.from({ length: years }, (_, year) => ({
    set,
    values: series.slice(first + year * DAYS, first + (year + 1) * DAYS),
  }));
}

/** Years of a level that wanders, weekdays that differ, and noise that grows with them: each of its own size. */
export function generatedYears(): Year[] {
  return Array.from({ length: GENERATED }, (_, i) => {
    const [normal, uniform] = [normals(i + 1), uniforms(i + 1)];
    const size = 10 ** (1 + 4 * uniform());
    const weekdays = Array.from({ length: 7 }, () => 0.4 + 1.2 * uniform());
    const noise = 0.05 + 0.2 * uniform();
    let level = 1;
    const values = Array.from({ length: DAYS }, (_, day) => {
      level *= Math.exp(0.01 * normal());
      return Math.round(100 * size * level * (weekdays[day % 7] ?? 1) * Math.exp(noise * normal())) / 100;
    });
    return { set: "generated", values };
  });
}
