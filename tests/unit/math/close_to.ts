import { ok } from "node:assert/strict";

/** Fails unless the number is there and within a relative distance (absolute where the expected value is 0). */
export function closeTo(actual: number | null, expected: number, relative: number, where = ""): void {
  const scale = expected === 0 ? 1 : Math.abs(expected);
  const distance = actual === null ? Infinity : Math.abs(actual - expected) / scale;
  ok(distance <= relative, `${where} expected ${expected}, got ${actual}: relative distance ${distance}`);
}
