import type { MetricKind } from "../metrics/schema.ts";

/** Values without gaps, one a day (or a longer period), those with a reading among them, and the days nobody knows. */
export type History = { kind: MetricKind; values: number[]; readings: number; silent_days: number };

/** What is known: days from the first with a reading to the last, and how many complete days there are after that. */
export type KnownDays = {
  kind: MetricKind;
  days: readonly { value: number | null; n: number }[];
  /** Days after the last reading on which the service sent other readings. */
  quiet_days: number;
  /** Days after that, up to the last complete one. */
  silent_days: number;
};

/**
 * One value a day from the first day with a reading on.
 * A day without one is 0 for a flow, the level before for a gauge, and on the straight line between its neighbours for a
 * sample. After the last reading, quiet days are such days too, but silent ones are unknown; so is any, of a sample.
 */
export function dailyHistory({ kind, days, quiet_days, silent_days }: KnownDays): History {
  const readings = days.filter((day) => day.n > 0).length;
  const values: number[] = [];
  const known = days.flatMap(({ value }, at) => value === null ? [] : [{ at, value }]);
  for (const [i, { at, value }] of known.entries()) {
    const next = known[i + 1] ?? { at: at + 1, value };
    const slope = kind === "gauge" ? 0 : (next.value - value) / (next.at - at);
    for (let day = 0; day < next.at - at; day++) values.push(value + slope * day);
  }
  if (kind === "sample") return { kind, values, readings, silent_days: quiet_days + silent_days };
  const level = kind === "gauge" ? values.at(-1) ?? 0 : 0;
  for (let day = 0; day < quiet_days && days.length > 0; day++) values.push(level);
  return { kind, values, readings, silent_days };
}
