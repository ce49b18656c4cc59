import { decimalSum } from "../math/mod.ts";
import { dayNumber } from "../metrics/local_time.ts";
import type { Day } from "../metrics/mod.ts";
import type { MetricKind } from "../metrics/schema.ts";

/** What the readings of a period, or of a part of it, amount to. */
export type Cell = { n: number; value: number | null };

/**
 * Days with readings joined by a key, null for days to be left out: a flow's sum, a gauge's last level, a sample's
 * average over its readings.
 */
export function cellsOf(
  kind: MetricKind,
  days: readonly Day[],
  keyOf: (day: number) => number | null,
): Map<number, Cell> {
  const cells = new Map<number, Cell>();
  for (const { date, value, n } of days) {
    if (n === 0 || value === null) continue;
    const key = keyOf(dayNumber(date));
    if (key === null) continue;
    const cell = cells.get(key);
    cells.set(key, cell === undefined ? { n, value } : { n: cell.n + n, value: joined(kind, cell, { n, value }) });
  }
  return cells;
}

function joined(kind: MetricKind, cell: Cell, day: { n: number; value: number }): number {
  const before = cell.value ?? 0;
  if (kind === "flow") return decimalSum([before, day.value]) ?? before + day.value;
  return kind === "gauge" ? day.value : before + (day.value - before) * (day.n / (cell.n + day.n));
}
