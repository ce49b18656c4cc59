import { type Bar, type Measured, median, type Thresholds, verdict } from "./bar.ts";

/** A bar, without how it is measured, and what it came to. */
export type Result = { bar: Omit<Bar, "run">; measured: Measured };

const HEAD = ["bar", "yardstick", "ours", "value (least – most, rounds)", "to ship", "goal", "verdict"];

/** The one table, in Markdown: it reads the same in a terminal and in docs/benchmarks.md. */
export function table(results: Result[]): string {
  const rows = results.map(({ bar, measured: { yardstick, ours, values } }) => [
    bar.name,
    yardstick,
    ours,
    `${show(median(values), bar, 3)} (${show(Math.min(...values), bar)} – ${
      show(Math.max(...values), bar)
    }, ${values.length})`,
    limit(bar, (thresholds) => thresholds.to_ship),
    limit(bar, (thresholds) => thresholds.goal),
    verdict(median(values), bar.thresholds),
  ]);
  const widths = HEAD.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`;
  return [line(HEAD), `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`, ...rows.map(line)].join("\n");
}

function limit({ thresholds, unit }: Result["bar"], of: (thresholds: Thresholds) => number): string {
  if (thresholds === null) return "";
  return `${thresholds.better === "higher" ? "≥" : "≤"} ${of(thresholds)}${unit === "" ? "" : ` ${unit}`}`;
}

function show(value: number, { unit }: Result["bar"], ratioDigits = 2): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : unit === "" ? ratioDigits : 2;
  return value.toFixed(digits) + (unit === "" ? "" : ` ${unit}`);
}
