import { deepStrictEqual as equal } from "node:assert/strict";
import type { KnownSeries } from "../../db/metric_series.ts";
import { type Question, together } from "../../services/dashboards/reads.ts";
import { cutWindow } from "../../services/metrics/axis.ts";

const series = (metric_name: string, kind: KnownSeries["kind"] = "flow"): KnownSeries => ({
  ...{ service_name: "projects", metric_type: "project", metric_name, metric_unit: null, kind, is_primary: false },
  ...{
    defined_unit: null,
    entity_key: null,
    first_day: "2025-01-01",
    last_day: "2025-12-23",
    last_at: "2025-12-23T10:00:00Z",
  },
});
const cutOf = (end_date: string, timezone = "UTC", interval: "day" | "month" = "month") =>
  cutWindow({ start_date: "2025-01-01", end_date, timezone }, [interval], "UTC");
const question = (names: string[], more: Partial<Question> = {}): Question => ({
  targets: names.map((name, g) => ({ ...series(name), g })),
  ...{ cut: cutOf("2025-12-31"), now: 0, split: [], filters: [], distinct: [], percentiles: false, levels: false },
  ...more,
});
const brief = (questions: Question[]) =>
  together(questions).map(({ question, parts }) => [
    question.targets.map(({ g, metric_name }) => `${g} ${metric_name}`).join(", "),
    parts.map(({ index, first, groups }) => [index, first, groups]),
  ]);

Deno.test("a dashboard's questions over the same cuts are read together, each with groups of its own", () => {
  equal(brief([question(["a", "b"]), question(["c"], { cut: cutOf("2025-06-30") }), question(["a"])]), [
    ["0 a, 1 b, 2 a", [[0, 0, 2], [2, 2, 1]]],
    ["0 c", [[1, 0, 1]]],
  ]);
});

Deno.test("what the roll-ups of a dashboard do not know is read alone, after all that they know", () => {
  equal(
    brief([
      question(["by_country"], { split: ["country"] }),
      question(["of_kenya"], { filters: [{ key: "country", values: ["KE"] }] }),
      question(["median"], { percentiles: true }),
      question(["donors"], { distinct: ["partner_id"] }),
      question(["half_hours"], { cut: cutOf("2025-12-31", "Asia/Kolkata") }),
      question(["level_elsewhere"], {
        cut: cutOf("2025-12-31", "America/Lima"),
        targets: [{ ...series("level_elsewhere", "gauge"), g: 0 }],
      }),
      question(["plain"]),
      question(["elsewhere"], { cut: cutOf("2025-12-31", "America/Lima") }),
    ]).map(([names]) => names),
    [
      ...["0 plain", "0 elsewhere"],
      ...["0 by_country", "0 of_kenya", "0 median", "0 donors", "0 half_hours", "0 level_elsewhere"],
    ],
  );
});

Deno.test("a dashboard's batch ends before it could be refused for its size", () => {
  const names = Array.from({ length: 20 }, (_, i) => `m${i}`);
  const large = question(names, { cut: cutOf("2025-12-31", "UTC", "day") }); // 20 groups of 365 days are 7,300 cells
  equal(together([large, large]).map(({ parts }) => parts.map(({ index }) => index)), [[0], [1]]);
  equal(together([]), []);
});
