import { deepStrictEqual as equal } from "node:assert/strict";
import { cutOf } from "../../services/dashboards/chosen.ts";
import { layoutOf } from "../../services/dashboards/layout.ts";
import type { Page } from "../../services/dashboards/page.ts";
import { ISO_CALENDAR } from "../../services/metrics/calendar.ts";

const PAGE: Page = {
  ...{ caller: { kind: "local" }, org: "UTC", calendar: ISO_CALENDAR, as_of: "2025-12-03T12:00:00Z" },
  ...{ now: Date.parse("2025-12-03T12:00:00Z"), series: [], floor: null, directions: new Map(), most_rows: 1 },
  ...{ period: null, timezone: null, through: [] },
};
const days = (start_date: string, end_date: string, timezone = "UTC") => ({ start_date, end_date, timezone });
const WINDOW = days("2025-12-01", "2025-12-05");
const spark = { interval: "day", cut: cutOf(PAGE, WINDOW, ["day"]) } as const;
const brief = ({ cuts, ...places }: ReturnType<typeof layoutOf>) => ({ cuts: cuts.map((cut) => cut.cuts), ...places });
const DAYS = ["2025-12-01", "2025-12-02", "2025-12-03", "2025-12-04", "2025-12-05", "2025-12-06"];

Deno.test("a dashboard's stat reads two windows on one axis, with the gap between them as a bucket of its own", () => {
  const compared = days("2025-11-01", "2025-11-03");
  equal(brief(layoutOf(PAGE, { window: WINDOW, compared, spark }, false)), {
    cuts: [["2025-11-01", "2025-11-04", "2025-12-01", "2025-12-06"], DAYS],
    ...{ previous: { read: 0, b: 0 }, value: { read: 0, b: 2 }, periods: { read: 1, b: 0 } },
  });
  const touching = days("2025-11-26", "2025-11-30");
  equal(brief(layoutOf(PAGE, { window: WINDOW, compared: touching, spark: null }, false)), {
    cuts: [["2025-11-26", "2025-12-01", "2025-12-06"]],
    ...{ previous: { read: 0, b: 0 }, value: { read: 0, b: 1 }, periods: { read: 0, b: 0 } },
  });
});

Deno.test("a dashboard's stat of a level is that of the last day that has begun, read with the days", () => {
  const compared = days("2025-11-01", "2025-11-03");
  equal(brief(layoutOf(PAGE, { window: WINDOW, compared, spark }, true)), {
    cuts: [["2025-11-01", "2025-11-04", ...DAYS]],
    ...{ previous: { read: 0, b: 0 }, value: { read: 0, b: 4 }, periods: { read: 0, b: 2 } }, // 3 December is under way
  });
});

Deno.test("windows of a dashboard's stat that overlap or are cut otherwise are read apart, and what has not begun not at all", () => {
  const overlapping = days("2025-11-20", "2025-12-02");
  equal(brief(layoutOf(PAGE, { window: WINDOW, compared: overlapping, spark }, false)), {
    cuts: [["2025-12-01", "2025-12-06"], ["2025-11-20", "2025-12-03"], DAYS],
    ...{ value: { read: 0, b: 0 }, previous: { read: 1, b: 0 }, periods: { read: 2, b: 0 } },
  });
  const january = days("2026-01-01", "2026-01-31");
  const { value, previous, cuts } = layoutOf(PAGE, { window: january, compared: null, spark: null }, false);
  equal([value, previous, cuts.length], [null, null, 1]);
});
