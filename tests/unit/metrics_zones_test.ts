import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { type Bucket, cutWindow, INTERVALS, periodName } from "../../services/metrics/axis.ts";
import { type Calendar, ISO_CALENDAR, nextPeriod, periodOf } from "../../services/metrics/calendar.ts";
import { dayNumber, dayOf } from "../../services/metrics/local_time.ts";
import { placesOf } from "../../services/metrics/places.ts";

/** Days around which the clocks of a zone changed, or where its offset is an odd one. */
const CHANGES: [timezone: string, start_date: string, end_date: string][] = [
  ["Europe/Berlin", "2025-03-29", "2025-04-01"],
  ["Europe/Berlin", "2025-10-25", "2025-11-01"],
  ["America/New_York", "2025-03-08", "2025-03-10"],
  ["America/New_York", "2025-10-31", "2025-11-03"],
  ["Asia/Kolkata", "2025-02-27", "2025-03-02"],
  ["Asia/Kathmandu", "2025-12-30", "2026-01-02"],
  ["Australia/Lord_Howe", "2025-04-05", "2025-04-07"], // back by half an hour
  ["Australia/Lord_Howe", "2025-10-04", "2025-10-06"],
  ["America/Sao_Paulo", "2018-11-03", "2018-11-05"], // there was no midnight on the 4th
  ["America/Havana", "2025-11-01", "2025-11-03"], // there were two on the 2nd
  ["Africa/Casablanca", "2025-02-22", "2025-02-24"], // winter time for Ramadan
  ["Pacific/Apia", "2011-12-28", "2012-01-01"], // there was no 30th
  ["Pacific/Kiritimati", "2025-06-29", "2025-07-02"], // 14 hours ahead
];

/** What a wall shows at an instant, as `YYYY-MM-DDTHH`, by nothing but Intl. */
function wallOf(timezone: string): (at: number) => string {
  const format = new Intl.DateTimeFormat("sv-SE", {
    ...{ timeZone: timezone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" },
  });
  return (at) => format.format(at).replace(" ", "T").slice(0, 13);
}

/** What a period is called that a wall is in; weeks by the weekday that JavaScript knows. */
function nameOf(interval: typeof INTERVALS[number], wall: string): string {
  const [year, month] = wall.split("-").map(Number);
  switch (interval) {
    case "hour":
      return wall;
    case "day":
      return wall.slice(0, 10);
    case "week": {
      const day = new Date(`${wall.slice(0, 10)}T00:00:00Z`);
      day.setUTCDate(day.getUTCDate() - (day.getUTCDay() + 6) % 7);
      return day.toISOString().slice(0, 10);
    }
    case "month":
      return `${wall.slice(0, 7)}-01`;
    case "quarter":
      return `${year}-${String(Math.floor(((month ?? 1) - 1) / 3) * 3 + 1).padStart(2, "0")}-01`;
    case "year":
      return `${year}-01-01`;
  }
}

Deno.test("every quarter of an hour lies in the period that its wall shows, in every zone and over every change", () => {
  for (const [timezone, start_date, end_date] of CHANGES) {
    const wall = wallOf(timezone);
    for (const interval of INTERVALS) {
      const { buckets } = cutWindow({ start_date, end_date, timezone }, [interval], "UTC");
      const [first, last] = [buckets[0], buckets.at(-1)] as [Bucket, Bucket];
      equal([wall(first.start - 1) < start_date, wall(first.start).slice(0, 10)], [true, start_date], timezone);
      equal([wall(last.end - 1).slice(0, 10), wall(last.end) > `${end_date}T24`], [end_date, true], timezone);
      for (let at = first.start; at < last.end; at += 15 * 60_000) {
        const bucket = buckets.find((one) => one.start <= at && at < one.end) as Bucket;
        const name = periodName(interval, bucket, timezone);
        equal(
          interval === "hour" ? name.slice(0, 13) : name,
          nameOf(interval, wall(at)),
          `${timezone} ${interval} ${at}`,
        );
      }
    }
  }
});

Deno.test("a day has as many hours as its wall shows, and the hour that comes twice is two", () => {
  const hours = (timezone: string, day: string) => {
    const cut = cutWindow({ start_date: day, end_date: day, timezone }, ["hour"], timezone);
    return cut.buckets.map((bucket) => periodName("hour", bucket, timezone));
  };
  equal(hours("America/New_York", "2025-03-09").length, 23);
  equal(hours("America/New_York", "2025-11-02").slice(1, 3), [
    "2025-11-02T01:00:00-04:00",
    "2025-11-02T01:00:00-05:00",
  ]);
  equal(hours("Africa/Casablanca", "2025-02-23").slice(2, 4), [
    "2025-02-23T02:00:00+01:00",
    "2025-02-23T02:00:00+00:00",
  ]);
  equal(hours("America/Sao_Paulo", "2018-11-04").length, 23);
  equal(hours("America/Havana", "2025-11-02").slice(0, 2), ["2025-11-02T00:00:00-04:00", "2025-11-02T00:00:00-05:00"]);
  equal(hours("Australia/Lord_Howe", "2025-04-06").slice(1, 4), [
    ...["2025-04-06T01:00:00+11:00", "2025-04-06T01:30:00+10:30", "2025-04-06T02:00:00+10:30"],
  ]);
  equal([hours("Asia/Kathmandu", "2025-01-01").length, hours("Pacific/Apia", "2011-12-30").length], [24, 0]);
});

Deno.test("a window without a midnight, a day or an hour is as long as it was", () => {
  const length = (timezone: string, start_date: string, end_date = start_date) => {
    const { buckets } = cutWindow({ start_date, end_date, timezone }, ["day"], "UTC");
    return [buckets.length, buckets.reduce((sum, bucket) => sum + bucket.end - bucket.start, 0) / 3_600_000];
  };
  equal(length("Europe/Berlin", "2025-03-30"), [1, 23]);
  equal(length("Europe/Berlin", "2025-10-26"), [1, 25]);
  equal(length("Australia/Lord_Howe", "2025-10-05"), [1, 23.5]);
  equal(length("America/Sao_Paulo", "2018-11-04"), [1, 23]);
  equal(length("Pacific/Apia", "2011-12-29", "2011-12-31"), [2, 48]); // the 29th and the 31st
});

Deno.test("weeks begin on the day that is set, and fiscal years with their month", () => {
  // 2025-12-24 is a Wednesday
  const week = (week_start: Calendar["week_start"]) =>
    dayOf(periodOf("week", dayNumber("2025-12-24"), { ...ISO_CALENDAR, week_start }));
  equal([week("monday"), week("sunday"), week("saturday")], ["2025-12-22", "2025-12-21", "2025-12-20"]);
  const year = (day: string, fiscal_start: number) => {
    const calendar = { ...ISO_CALENDAR, fiscal_start };
    return [periodOf("year", dayNumber(day), calendar), nextPeriod("year", dayNumber(day), calendar)].map(dayOf);
  };
  equal(year("2025-03-31", 4), ["2024-04-01", "2025-04-01"]);
  equal(year("2025-04-01", 4), ["2025-04-01", "2026-04-01"]);
  equal(year("2024-02-29", 12), ["2023-12-01", "2024-12-01"]);
  equal(year("2025-12-24", 1), ["2025-01-01", "2026-01-01"]);
  const quarter = dayOf(periodOf("quarter", dayNumber("2025-02-01"), { ...ISO_CALENDAR, fiscal_start: 2 }));
  equal(quarter, "2025-01-01"); // quarters are calendar ones
});

Deno.test("every day lies in one period of every calendar, and the next one begins where it ends", () => {
  for (const week_start of ["monday", "sunday", "saturday"] as const) {
    for (let fiscal_start = 1; fiscal_start <= 12; fiscal_start++) {
      const calendar = { week_start, fiscal_start };
      for (let day = dayNumber("2023-12-01"); day < dayNumber("2025-03-01"); day++) {
        for (const interval of ["week", "year"] as const) {
          const [first, next] = [periodOf(interval, day, calendar), nextPeriod(interval, day, calendar)];
          ok(first <= day && day < next);
          equal([periodOf(interval, next, calendar), periodOf(interval, next - 1, calendar)], [next, first]);
        }
      }
    }
  }
});

const places = (
  [start_date, end_date]: [string, string],
  intervals: readonly typeof INTERVALS[number][],
  { timezone = "UTC", byMonth = false } = {},
) =>
  placesOf(cutWindow({ start_date, end_date, timezone }, intervals, timezone), intervals, {
    ...{ timezone, byMonth, calendar: ISO_CALENDAR },
  });

Deno.test("a month's place is its number, a day's how far it is into the window, or its date in that month", () => {
  equal(places(["2025-01-15", "2025-03-10"], ["month"]), ["0", "1", "2"]);
  equal(places(["2025-02-27", "2025-03-02"], ["day"]), ["0", "1", "2", "3"]);
  equal(places(["2024-02-28", "2024-03-01"], ["day"], { byMonth: true }), ["0-28", "0-29", "1-01"]);
  equal(places(["2025-02-28", "2025-03-01"], ["month", "day"], { byMonth: true }), ["0-28", "1-01"]);
  equal(places(["2025-12-28", "2026-01-02"], ["week", "year"]), ["0 0", "1 0", "1 1"]); // the 29th is a Monday
  equal(places(["2024-11-01", "2025-04-30"], ["quarter"]), ["0", "1", "2"]);
  equal(places(["2025-12-01", "2025-12-23"], []), [""]);
});

Deno.test("an hour's place is what the wall shows, so a clock change moves nothing after it", () => {
  const day = (date: string) => places([date, date], ["hour"], { timezone: "Europe/Berlin" });
  const [plain, short, long] = [day("2025-06-01"), day("2025-03-30"), day("2025-10-26")];
  equal([plain.length, plain[0], plain[23]], [24, "0 00:00:00", "0 23:00:00"]);
  equal(short, plain.filter((place) => place !== "0 02:00:00"));
  equal(long, [...plain.slice(0, 3), "0 02:00:00 again", ...plain.slice(3)]);
});
