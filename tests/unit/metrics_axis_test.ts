import { deepStrictEqual as equal, throws } from "node:assert/strict";
import fc from "fast-check";
import { cutWindow, INTERVALS, isComplete, nextPeriod, periodName, periodOf } from "../../services/metrics/axis.ts";
import { dayNumber, dayOf, instantOf, localDay, localInstant } from "../../services/metrics/local_time.ts";
import { resolveWindow } from "../../services/analytics/window.ts";

const HOUR_MS = 3_600_000;
const at = (text: string) => Date.parse(text);
const period = (interval: Exclude<typeof INTERVALS[number], "hour">, day: string) =>
  dayOf(periodOf(interval, dayNumber(day)));

Deno.test("periods begin where the calendar says: ISO weeks on Monday, quarters in January, April, July, October", () => {
  // ISO 8601: 2024-12-30 is the Monday of 2025-W01, 2026-12-28 that of 2026-W53
  equal(["2024-12-29", "2024-12-30", "2025-01-05", "2027-01-03"].map((day) => period("week", day)), [
    ...["2024-12-23", "2024-12-30", "2024-12-30", "2026-12-28"],
  ]);
  equal(["2025-03-31", "2025-04-01", "2025-12-31"].map((day) => period("quarter", day)), [
    ...["2025-01-01", "2025-04-01", "2025-10-01"],
  ]);
  equal(period("month", "2024-02-29"), "2024-02-01");
  equal(period("year", "2024-12-31"), "2024-01-01");
});

Deno.test("every day lies in exactly one period, and the next one begins where it ends", () => {
  const days = fc.integer({ min: 0, max: 47_000 });
  const intervals = fc.constantFrom("day", "week", "month", "quarter", "year" as const);
  fc.assert(fc.property(days, intervals, (day, interval) => {
    const [first, next] = [periodOf(interval, day), nextPeriod(interval, day)];
    equal([first <= day, day < next, periodOf(interval, next), periodOf(interval, next - 1)], [
      true,
      true,
      next,
      first,
    ]);
  }));
});

Deno.test("a local day begins at its zone's midnight, and where there is none, when the clocks jump over it", () => {
  // IANA: Berlin changed on 2025-03-30 at 02:00 and 2025-10-26 at 03:00; São Paulo on 2018-11-04 at 00:00 to 01:00
  const midnight = (zone: string, day: string) => localInstant(zone, instantOf(zone, dayNumber(day) * 24 * HOUR_MS));
  equal(midnight("Europe/Berlin", "2025-03-30"), "2025-03-30T00:00:00+01:00");
  equal(midnight("Europe/Berlin", "2025-03-31"), "2025-03-31T00:00:00+02:00");
  equal(midnight("America/Sao_Paulo", "2018-11-04"), "2018-11-04T01:00:00-02:00");
  equal(midnight("Asia/Kathmandu", "2025-01-01"), "2025-01-01T00:00:00+05:45");
  equal(localDay("America/Sao_Paulo", at("2018-11-04T02:59:59Z")), "2018-11-03");
  equal(localDay("Asia/Kolkata", at("2025-01-01T18:30:00Z")), "2025-01-02");
  // Havana's clocks went back at 01:00 to 00:00 on 2025-11-02, so that day has two midnights; it begins at the first
  equal(midnight("America/Havana", "2025-11-02"), "2025-11-02T00:00:00-04:00");
});

Deno.test("the days of the organisation are cut by dates, of other zones by instants", () => {
  const window = { start_date: "2025-03-29", end_date: "2025-03-31", timezone: "Europe/Berlin" };
  equal(cutWindow(window, ["day"], "Europe/Berlin").cuts, ["2025-03-29", "2025-03-30", "2025-03-31", "2025-04-01"]);
  const cut = cutWindow(window, ["day"], "UTC");
  equal(cut.cuts, [
    ...["2025-03-28T23:00:00.000", "2025-03-29T23:00:00.000", "2025-03-30T22:00:00.000", "2025-03-31T22:00:00.000"],
  ]);
  equal([cut.by, cut.whole_hours], ["time", true]);
  equal(cutWindow({ ...window, timezone: "Asia/Kolkata" }, [], "UTC").whole_hours, false);
});

Deno.test("a day has as many hours as its clocks show", () => {
  const hours = (zone: string, day: string) =>
    cutWindow({ start_date: day, end_date: day, timezone: zone }, ["hour"], zone).buckets.length;
  equal(hours("Europe/Berlin", "2025-03-30"), 23);
  equal(hours("Europe/Berlin", "2025-10-26"), 25);
  equal(hours("Europe/Berlin", "2025-06-01"), 24);
  // Lord Howe's clocks go back by half an hour at 02:00: 01:30 to 02:00 is shown twice
  equal(hours("Australia/Lord_Howe", "2025-04-06"), 25);
});

Deno.test("several intervals cut wherever one of them does", () => {
  const window = { start_date: "2025-01-27", end_date: "2025-02-05", timezone: "UTC" };
  const cut = cutWindow(window, ["week", "month"], "UTC");
  equal(cut.cuts, ["2025-01-27", "2025-02-01", "2025-02-03", "2025-02-06"]);
  equal(cut.buckets.map((bucket) => [periodName("week", bucket, "UTC"), periodName("month", bucket, "UTC")]), [
    ...[["2025-01-27", "2025-01-01"], ["2025-01-27", "2025-02-01"], ["2025-02-03", "2025-02-01"]],
  ]);
});

Deno.test("a period is complete when the window has all of it and it is over", () => {
  const window = { start_date: "2025-01-15", end_date: "2025-03-10", timezone: "UTC" };
  const complete = (now: string) =>
    cutWindow(window, ["month"], "UTC").buckets.map((bucket) => isComplete("month", bucket, window, at(now)));
  equal(complete("2025-06-01T00:00:00Z"), [false, true, false]);
  equal(complete("2025-02-28T23:59:59Z"), [false, false, false]);
});

Deno.test("a window of more than 5,000 periods is refused", () => {
  const days = { start_date: "2000-01-01", end_date: "2013-09-08", timezone: "UTC" };
  equal(cutWindow(days, ["day"], "UTC").buckets.length, 5_000);
  const refused = { name: "DomainError", code: "invalid" };
  throws(() => cutWindow({ ...days, end_date: "2013-09-09" }, ["day"], "UTC"), refused);
  throws(() => cutWindow({ ...days, start_date: "2013-01-01" }, ["hour"], "UTC"), refused);
});

Deno.test("a window left open is the last 30 complete local days", () => {
  const now = "2025-12-24T20:00:00Z";
  const of = (asked: Parameters<typeof resolveWindow>[0]) => Object.values(resolveWindow(asked, "Asia/Kolkata", now));
  equal(of({}), ["2025-11-25", "2025-12-24", "Asia/Kolkata", true]); // 01:30 on the 25th there
  equal(of({ timezone: "UTC" }), ["2025-11-24", "2025-12-23", "UTC", true]);
  equal(of({ start_date: "2025-12-01" }), ["2025-12-01", "2025-12-24", "Asia/Kolkata", true]);
  equal(of({ start_date: "2025-12-25" }), ["2025-12-25", "2025-12-25", "Asia/Kolkata", false]);
  equal(of({ start_date: "2026-02-01" }), ["2026-02-01", "2026-02-01", "Asia/Kolkata", false]);
  equal(of({ end_date: "2025-01-30" }), ["2025-01-01", "2025-01-30", "Asia/Kolkata", true]);
  throws(() => of({ start_date: "2025-01-02", end_date: "2025-01-01" }), { code: "invalid" });
});
