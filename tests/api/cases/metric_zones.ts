import { deepStrictEqual as equal } from "node:assert/strict";
import type { App } from "../../support/app.ts";
import { gift, PATH, send } from "../../support/gifts.ts";

const STATISTICS = `${PATH}/aggregate/statistics`;
const MINUTES = 60_000;

/** Days around which the clocks of a zone changed, and whether its days begin on whole hours of UTC there. */
const CHANGES: [timezone: string, start_date: string, end_date: string, source: "rollups" | "rows"][] = [
  ["Europe/Berlin", "2025-03-29", "2025-04-01", "rollups"],
  ["Europe/Berlin", "2025-10-25", "2025-11-01", "rollups"],
  ["America/New_York", "2025-11-01", "2025-11-03", "rollups"],
  ["Asia/Kolkata", "2025-02-27", "2025-03-02", "rows"],
  ["Asia/Kathmandu", "2025-11-29", "2025-12-02", "rows"],
  ["Australia/Lord_Howe", "2025-04-05", "2025-04-07", "rows"], // from 11 hours ahead to 10:30
  ["Australia/Lord_Howe", "2025-11-29", "2025-12-02", "rollups"], // 11 hours ahead
  ["America/Sao_Paulo", "2018-11-03", "2018-11-05", "rollups"],
  ["Africa/Casablanca", "2025-02-22", "2025-02-24", "rollups"],
  ["Pacific/Apia", "2011-12-28", "2012-01-01", "rollups"],
  ["Pacific/Kiritimati", "2025-06-29", "2025-07-02", "rollups"],
];

/** What a wall shows at an instant, as `YYYY-MM-DD HH`, by nothing but Intl. */
function wallOf(timezone: string): (at: number) => string {
  const format = new Intl.DateTimeFormat("sv-SE", {
    ...{ timeZone: timezone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" },
  });
  return (at) => format.format(at).slice(0, 13);
}

function monday(day: string): string {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() - (at.getUTCDay() + 6) % 7);
  return at.toISOString().slice(0, 10);
}

const NAMES: Record<string, (wall: string) => string> = {
  hour: (wall) => wall.replace(" ", "T"),
  date: (wall) => wall.slice(0, 10),
  week: (wall) => monday(wall.slice(0, 10)),
  month: (wall) => `${wall.slice(0, 7)}-01`,
};

type Row = { group: Record<string, string>; values: { sum: number } };

/** Sums by name; an hour that comes twice is two rows of one name. */
function summed(rows: [name: string, value: number][]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [name, value] of rows) sums[name] = (sums[name] ?? 0) + value;
  return sums;
}

/** Metrics by the calendar of many zones. */
export const metricZonesCases: Record<string, (t: App) => Promise<void>> = {
  async "metric sums of any zone are those that its wall shows, from the roll-ups and from the rows alike"(t) {
    for (const [i, [timezone, start_date, end_date, source]] of CHANGES.entries()) {
      const wall = wallOf(timezone);
      const from = Date.parse(`${start_date}T00:00:00Z`) - 26 * 60 * MINUTES;
      const until = Date.parse(`${end_date}T00:00:00Z`) + 50 * 60 * MINUTES;
      const instants: number[] = [];
      for (let at = from; at < until; at += 30 * MINUTES) instants.push(at, at + 29 * MINUTES);
      const name = `zone_${i}`;
      const rows = instants.map((at, n) => ({ at, value: 1 + n % 7 }));
      await send(
        t,
        rows.map(({ at, value }) =>
          gift({ ...METRIC, metric_name: name, metric_value: value, timestamp: new Date(at).toISOString() })
        ),
      );
      const inside = rows.filter(({ at }) => wall(at) >= start_date && wall(at) < `${end_date} 24`);
      for (const [word, nameOf] of Object.entries(NAMES)) {
        const query = `metric_name=${name}&timezone=${timezone}&start_date=${start_date}&end_date=${end_date}`;
        const expected = summed(inside.map(({ at, value }) => [nameOf(wall(at)), value]));
        const sums = async (measures: string) => {
          const answer = await t.json("GET", `${STATISTICS}?${query}&group_by=${word}&measures=${measures}`, 200);
          const named = answer.items.map(({ group, values }: Row) => [
            word === "hour" ? group[word]?.slice(0, 13) : group[word],
            values.sum,
          ]);
          return [answer.meta.source, summed(named)];
        };
        const where = `${timezone} ${start_date} ${word}`;
        equal([where, await sums("sum")], [where, [source, expected]]);
        equal([where, await sums("sum,median")], [where, ["rows", expected]]);
      }
    }
  },
  async "a metric's hour that comes twice is two hours, and the one that is left out none"(t) {
    await send(t, [
      gift({ metric_value: 1, timestamp: "2025-11-02T05:30:00Z" }), // 01:30 in New York, the first time
      gift({ metric_value: 2, timestamp: "2025-11-02T06:30:00Z" }), // 01:30, the second time
      gift({ metric_value: 4, timestamp: "2025-03-09T06:59:00Z" }), // 01:59
      gift({ metric_value: 8, timestamp: "2025-03-09T07:00:00Z" }), // 03:00
    ]);
    const hours = async (day: string) =>
      (await t.json(
        "GET",
        `${STATISTICS}?timezone=America/New_York&start_date=${day}&end_date=${day}&group_by=hour&measures=sum`,
        200,
      )).items.map(({ group, values }: Row) => [group["hour"], values.sum]);
    equal(await hours("2025-11-02"), [["2025-11-02T01:00:00-04:00", 1], ["2025-11-02T01:00:00-05:00", 2]]);
    equal(await hours("2025-03-09"), [["2025-03-09T01:00:00-05:00", 4], ["2025-03-09T03:00:00-04:00", 8]]);
  },
  async "a metric's day of a clock change is compared hour by hour, as the wall shows them"(t) {
    await send(t, [
      gift({ metric_value: 10, timestamp: "2025-03-29T00:30:00Z" }), // 01:30 in Berlin
      gift({ metric_value: 20, timestamp: "2025-03-29T01:30:00Z" }), // 02:30, which the 30th has not
      gift({ metric_value: 40, timestamp: "2025-03-29T02:30:00Z" }), // 03:30
      gift({ metric_value: 11, timestamp: "2025-03-30T00:30:00Z" }), // 01:30
      gift({ metric_value: 42, timestamp: "2025-03-30T01:30:00Z" }), // 03:30
    ]);
    const query =
      "timezone=Europe/Berlin&start_date=2025-03-30&end_date=2025-03-30&interval=hour&compare=previous_period";
    const { series, meta } = await t.json("GET", `${PATH}/time-series/data?${query}`, 200);
    equal(
      series[0].points.map((point: { period: string; value: number; previous: { value: number } }) => [
        ...[point.period, point.value, point.previous.value],
      ]),
      [["2025-03-30T01:00:00+01:00", 11, 10], ["2025-03-30T03:00:00+02:00", 42, 40]],
    );
    equal(meta.warnings.length, 1); // 02:00 of the 29th has no place
  },
};

const METRIC = { service_name: "partners_crm", metric_type: "revenue", metric_unit: "count" };
