import { deepStrictEqual as equal } from "node:assert/strict";
import { labelOf, seasonName } from "../../services/advanced/labels.ts";
import { PERIODS, plural, TERMS } from "../../services/advanced/periods.ts";
import { period } from "../../services/advanced/forecasts_schema.ts";
import { type KnownSeries, stepsOf } from "../../services/advanced/steps.ts";
import { addDays } from "../../services/days.ts";
import { ISO_CALENDAR } from "../../services/metrics/calendar.ts";

/** Every day from the first to the last, with what is read on it; null is a day without a reading. */
function days(first: string, last: string, valueOn: (date: string) => number | null): KnownSeries["days"] {
  const all = [];
  for (let date = first; date <= last; date = addDays(date, 1)) {
    const value = valueOn(date);
    all.push({ date, value, n: value === null ? 0 : 1 });
  }
  return all;
}

/** Asked on Wednesday, 24 December 2025, of a flow, by ISO weeks, unless told. */
const steps = (asked: Partial<KnownSeries> & Pick<KnownSeries, "days">) =>
  stepsOf({
    kind: "flow",
    period: "week",
    calendar: ISO_CALENDAR,
    end_date: "2025-12-23",
    heard: "2025-12-23",
    ...asked,
  });

Deno.test("a flow is cut into the sums of complete weeks, and loses the one in which it began", () => {
  const found = steps({ days: days("2025-12-03", "2025-12-23", () => 0.1) }); // from a Wednesday on
  equal([found.starts, found.values], [["2025-12-08", "2025-12-15"], [0.7, 0.7]]); // and not 0.7000000000000001
  equal(found.running, {
    ...{ start: "2025-12-22", so_far: 0.2 },
    parts: { first: [0.2, 0.2], now: 0.2, rest: [0.5, 0.5], known: 2, left: 5, base: 0.2, weight: 1 },
  });
});

Deno.test("a level has its last value of each week, from the week in which it began on", () => {
  const found = steps({ kind: "gauge", days: days("2025-12-03", "2025-12-23", (date) => Number(date.slice(8))) });
  equal([found.starts, found.values], [["2025-12-01", "2025-12-08", "2025-12-15"], [7, 14, 21]]);
  equal(found.running.so_far, 23);
  // By Tuesday it had risen by 2 since Sunday, and by Sunday by 5 more. It began on a Wednesday, at 3.
  equal(found.running.parts, { first: [NaN, 2, 2], now: 2, rest: [NaN, 5, 5], known: 2, left: 5, base: 23, weight: 1 });
});

Deno.test("a sample has the average of each week's readings, whatever the day", () => {
  const known = days("2025-12-08", "2025-12-23", () => 10).map((day) =>
    day.date === "2025-12-09" ? { ...day, value: 40, n: 4 } : day
  );
  const found = steps({ kind: "sample", days: known });
  equal(found.values, [(6 * 10 + 4 * 40) / 10, 10]);
  // Five of the week's seven readings are still to come.
  const weight = 5 / 7;
  equal(found.running.parts, {
    ...{ first: [(10 + 4 * 40) / 5, 10], now: 10, rest: [10, 10], known: 2, left: 5 },
    ...{ base: (1 - weight) * 10, weight },
  });
});

Deno.test("weeks begin where the organisation's do, and so do its years", () => {
  const known = days("2024-07-01", "2025-12-23", () => 1);
  const sunday = steps({ days: known.slice(-17), calendar: { week_start: "sunday", fiscal_start: 1 } }); // from 7 December
  equal([sunday.starts, sunday.running.start, sunday.running.so_far], [["2025-12-07", "2025-12-14"], "2025-12-21", 3]);
  const fiscal = steps({ days: known, period: "year", calendar: { week_start: "monday", fiscal_start: 7 } });
  equal([fiscal.starts, fiscal.values], [["2024-07-01"], [365]]);
  equal([fiscal.running.start, fiscal.running.so_far], ["2025-07-01", 176]); // July to December: 31+31+30+31+30+23
});

Deno.test("quarters and months have their own lengths", () => {
  const known = days("2025-04-01", "2025-12-23", () => 1);
  const quarters = steps({ days: known, period: "quarter" });
  equal([quarters.starts, quarters.values], [["2025-04-01", "2025-07-01"], [91, 92]]);
  equal(quarters.running, {
    ...{ start: "2025-10-01", so_far: 84 },
    parts: { first: [84, 84], now: 84, rest: [8, 8], known: 84, left: 8, base: 84, weight: 1 },
  });
  equal(steps({ days: known, period: "month" }).values, [30, 31, 30, 31, 31, 30, 31, 30]);
});

Deno.test("a flow that is booked once a month is complete with its booking, and its running month is as booked", () => {
  const firsts = days("2025-06-01", "2025-12-01", (date) => date.endsWith("-01") ? 300 : null);
  const found = steps({ days: firsts, period: "month" });
  equal([found.starts[0], found.values], ["2025-06-01", [300, 300, 300, 300, 300, 300]]);
  equal(found.running, { start: "2025-12-01", so_far: 300, parts: null }); // single readings stand for long
});

Deno.test("weeks in which the service was heard of are zeros of a flow, and those without are silent", () => {
  const known = days("2025-11-03", "2025-11-16", () => 1);
  const quiet = steps({ days: known });
  equal([quiet.values, quiet.silent_days], [[7, 7, 0, 0, 0, 0, 0], 0]);
  const zeros = quiet.values.slice(2);
  equal(quiet.running, {
    ...{ start: "2025-12-22", so_far: 0 },
    parts: { first: [2, 2, ...zeros], now: 0, rest: [5, 5, ...zeros], known: 2, left: 5, base: 0, weight: 1 },
  });
  const silent = steps({ days: known, heard: "2025-12-02" }); // nothing from Wednesday, 3 December, on
  equal([silent.values, silent.silent_days], [[7, 7, 0, 0], 3]);
  equal(silent.running, { start: "2025-12-22", so_far: null, parts: null });
});

Deno.test("a period is called by what people call it", () => {
  const other = { week_start: "sunday", fiscal_start: 7 } as const;
  equal(labelOf("day", "2025-12-24", ISO_CALENDAR), "2025-12-24");
  // ISO 8601: a week belongs to the year of its Thursday; 2026 has 53 of them.
  const weeks = ["2025-12-22", "2025-12-29", "2026-12-28", "2027-01-04", "1969-12-29"];
  equal(weeks.map((start) => labelOf("week", start, ISO_CALENDAR)), [
    ...["2025-W52", "2026-W01", "2026-W53", "2027-W01", "1970-W01"],
  ]);
  equal(labelOf("week", "2025-12-21", other), "week of 2025-12-21");
  equal(labelOf("month", "2025-12-01", other), "2025-12");
  equal(["01", "04", "07", "10"].map((month) => labelOf("quarter", `2025-${month}-01`, other).slice(5)), [
    ...["Q1", "Q2", "Q3", "Q4"],
  ]);
  equal([labelOf("year", "2025-01-01", ISO_CALENDAR), labelOf("year", "2025-07-01", other)], ["2025", "2025/26"]);
  equal(labelOf("year", "1999-07-01", other), "1999/00");
});

Deno.test("the places of a season are named and ordered as in a calendar", () => {
  const week = ["2025-12-22", "2025-12-23", "2025-12-24", "2025-12-25", "2025-12-26", "2025-12-27", "2025-12-28"];
  equal(week.map((start) => seasonName("day", start).name), [
    ...["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
  ]);
  equal(week.map((start) => seasonName("day", start).order), [0, 1, 2, 3, 4, 5, 6]);
  equal(seasonName("day", "1969-12-31").name, "wednesday");
  equal(seasonName("week", "2025-12-21"), { name: "W52", order: 52 }); // most of it is the 52nd ISO week
  equal(seasonName("month", "2025-03-01"), { name: "march", order: 3 });
  equal(seasonName("quarter", "2025-10-01").name, "Q4");
});

Deno.test("the fewest periods that the document names are those that are asked for", () => {
  for (const one of PERIODS) {
    const words = plural(TERMS[one].fewest, one);
    equal(period.description?.includes(words), true, words);
  }
});
