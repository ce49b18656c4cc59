import { normals, uniforms } from "../../unit/math/seeded.ts";

/** A daily series of known nature. */
export type DailyValues = { id: string; values: number[] };

/** What a series does besides repeating itself. */
const NATURES = ["level", "trend", "annual", "wandering", "breaks", "intermittent", "refunds", "events"] as const;
type Nature = typeof NATURES[number];

/** Daily series of eight natures in turn, the same for the same seed. */
export function generatedSeries(count: number, days: number, seed: number): DailyValues[] {
  return Array.from({ length: count }, (_, i) => {
    const nature = NATURES[i % NATURES.length] ?? "level";
    return { id: `${nature} ${i}`, values: daily(nature, days, seed + i * 7919) };
  });
}

/** Each day: a level that moves by its nature, times the weekday's share and noise. */
function daily(nature: Nature, days: number, seed: number): number[] {
  const uniform = uniforms(seed);
  const normal = normals(seed + 1);
  const size = 10 ** (1 + 3 * uniform());
  const week = Array.from({ length: 7 }, () => nature === "level" ? 1 : Math.exp(0.3 * normal()));
  const noise = 0.1 + 0.4 * uniform();
  const slope = nature === "trend" ? (uniform() - 0.4) * 1.2 / 365 : 0;
  const [swing, phase] = [0.15 + 0.35 * uniform(), 365 * uniform()];
  const wander = nature === "wandering" ? 0.01 + 0.03 * uniform() : 0;
  const chance = 0.08 + 0.3 * uniform();
  let level = 1;
  let echo = 0;
  return Array.from({ length: days }, (_, day) => {
    level = Math.max(0.05, level * (1 + wander * normal() / 2) + slope);
    if (nature === "breaks" && uniform() < 1 / 180) level *= Math.exp(0.35 * normal());
    const annual = nature === "annual" ? 1 + swing * Math.sin((2 * Math.PI * (day - phase)) / 365.25) : 1;
    echo = 0.3 * echo + normal();
    const shock = nature === "events" && uniform() < 0.02 ? 2 + 4 * uniform() : 1;
    const usual = size * level * annual * (week[day % 7] ?? 1) * shock;
    switch (nature) {
      case "intermittent":
        return uniform() < chance ? Math.round(10 * Math.exp(0.6 * normal())) : 0;
      case "refunds":
        return usual * (1 + 2 * noise * echo);
      case "level":
      case "trend":
      case "annual":
      case "wandering":
      case "breaks":
      case "events":
        return usual * Math.exp(noise * echo - noise * noise / 2);
    }
  });
}
