/**
 * Average precision: the mean over the faults of the precision among all days that score at least as much. Days of one
 * score come together, so that their order does not matter.
 */
export function averagePrecision(scores: readonly number[], faulty: readonly boolean[]): number {
  const days = [...scores.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
  const faults = faulty.filter(Boolean).length;
  let [found, total] = [0, 0];
  for (let first = 0; first < days.length;) {
    const score = scores[days[first] ?? 0];
    let end = first;
    while (end < days.length && scores[days[end] ?? 0] === score) end++;
    const hits = days.slice(first, end).filter((day) => faulty[day]).length;
    found += hits;
    total += hits * found / end;
    first = end;
  }
  return faults === 0 ? 0 : total / faults;
}

/** F1: the harmonic mean of precision and recall of the days that were flagged. */
export function f1(flagged: readonly boolean[], faulty: readonly boolean[]): number {
  const both = flagged.filter((flag, day) => flag && faulty[day]).length;
  const either = flagged.filter(Boolean).length + faulty.filter(Boolean).length;
  return either === 0 ? 0 : 2 * both / either;
}
