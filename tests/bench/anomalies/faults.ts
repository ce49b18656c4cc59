/** Ways in which a day's value goes wrong. */
export const FAULTS = ["spike", "drop", "zero", "double", "shift", "stuck"] as const;
export type Fault = typeof FAULTS[number];

/** A year with faults in it, and which of its days they are on. */
export type Faulty = { values: number[]; faulty: boolean[] };

/** Faults of one year, of kinds in turn. */
const FAULTS_A_YEAR = 8;
const TRIES = 20;

/**
 * Puts faults into a year: spikes and drops of 3 to 6 robust deviations of what a weekday's median leaves, zeros, days
 * counted twice, shifted levels for 3 to 10 days, and a value that is stuck for 3 to 7. No two of them touch.
 * @param uniform seeded, so that a year is spoilt in the same way again
 * @param kinds those that take turns
 */
export function withFaults(
  year: readonly number[],
  uniform: () => number,
  kinds: readonly Fault[] = FAULTS,
): Faulty {
  const values = [...year];
  const faulty = values.map(() => false);
  const deviation = weekdayDeviation(year);
  const first = Math.floor(uniform() * kinds.length);
  for (let i = 0; i < FAULTS_A_YEAR; i++) {
    const fault = kinds[(first + i) % kinds.length] ?? "spike";
    for (let attempt = 0; attempt < TRIES; attempt++) {
      if (spoil({ values, faulty }, fault, deviation, uniform)) break;
    }
  }
  return { values, faulty };
}

/** Puts one fault somewhere; false where there is another one, or nothing would be different. */
function spoil({ values, faulty }: Faulty, fault: Fault, deviation: number, uniform: () => number): boolean {
  const length = fault === "shift"
    ? 3 + Math.floor(uniform() * 8)
    : fault === "stuck"
    ? 3 + Math.floor(uniform() * 5)
    : 1;
  const start = 1 + Math.floor(uniform() * (values.length - length - 2));
  const days = Array.from({ length }, (_, i) => start + i);
  if (faulty.slice(start - 1, start + length + 1).includes(true)) return false;
  const size = (3 + 3 * uniform()) * deviation * (fault === "drop" || (fault === "shift" && uniform() < 0.5) ? -1 : 1);
  const stuckAt = values[start - 1] ?? 0;
  const floor = Math.min(...values) >= 0 ? 0 : -Infinity;
  const after = days.map((day) => Math.max(floor, spoilt(fault, values[day] ?? 0, size, stuckAt)));
  const different = (day: number, value: number) => Math.abs(value - (values[day] ?? 0)) > deviation / 2;
  if (!days.every((day, i) => fault === "stuck" || different(day, after[i] ?? 0))) return false;
  for (const [i, day] of days.entries()) [values[day], faulty[day]] = [after[i] ?? 0, true];
  return true;
}

function spoilt(fault: Fault, value: number, size: number, stuckAt: number): number {
  switch (fault) {
    case "spike":
    case "drop":
    case "shift":
      return value + size;
    case "zero":
      return 0;
    case "double":
      return 2 * value;
    case "stuck":
      return stuckAt;
  }
}

/** 1.4826 times the median distance from the weekday's median: the deviation, if it were normal. */
function weekdayDeviation(year: readonly number[]): number {
  const weekdays = Array.from({ length: 7 }, (_, day) => median(year.filter((_, i) => i % 7 === day)));
  const distances = year.map((value, i) => Math.abs(value - (weekdays[i % 7] ?? 0)));
  return 1.4826 * median(distances) || 1;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] ?? 0 : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
}
