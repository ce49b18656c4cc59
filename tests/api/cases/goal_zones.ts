import { deepStrictEqual as equal } from "node:assert/strict";
import { addDays } from "../../../services/days.ts";
import { evaluateGoals, updateGoals } from "../../../services/goals/mod.ts";
import type { App } from "../../support/app.ts";
import { gift, send } from "../../support/gifts.ts";
import { goalOf, GOALS, valueOf } from "../../support/goals.ts";

/** 110 USD from 1 to 22 December 2025, which is over everywhere by the 24th. */
const WINDOW = {
  ...{ name: "Advent", metric_type: "donation", target_value: 110, unit: "USD" },
  ...{ start_date: "2025-12-01", end_date: "2025-12-22" },
};

/** The instants at which that window begins, and at which it is over, by hand. */
const EDGES: [timezone: string, begin: string, end: string][] = [
  ["America/Los_Angeles", "2025-12-01T08:00:00Z", "2025-12-23T08:00:00Z"], // UTC−8
  ["Asia/Kolkata", "2025-11-30T18:30:00Z", "2025-12-22T18:30:00Z"], // UTC+5:30
  ["Pacific/Kiritimati", "2025-11-30T10:00:00Z", "2025-12-22T10:00:00Z"], // UTC+14
  ["UTC", "2025-12-01T00:00:00Z", "2025-12-23T00:00:00Z"],
];

const minuteBefore = (instant: string) => new Date(Date.parse(instant) - 60_000).toISOString();

/** A gift in the minute before each edge, and one on it: 10 and 100 are inside. */
async function giftsAround(t: App, begin: string, end: string, more: Record<string, unknown> = {}): Promise<void> {
  const given = [[minuteBefore(begin), 1], [begin, 10], [minuteBefore(end), 100], [end, 1_000]] as const;
  await send(t, given.map(([timestamp, metric_value]) => gift({ timestamp, metric_value, ...more })));
}

async function progressOf(t: App, id: string) {
  const { current_value, meta } = await t.json("GET", `${GOALS}/${id}/progress`, 200);
  return [current_value, meta.data_through];
}

/** Goals whose days are those of another zone than the organisation's, UTC. */
export const goalZonesCases: Record<string, (t: App) => Promise<void>> = {
  async "a goal in another zone counts from its first local midnight to its last"(t) {
    for (const [timezone, begin, end] of EDGES) {
      const fund = { metric_name: "donation_received", dimensions: { fund: timezone } };
      await giftsAround(t, begin, end, fund);
      const id = await goalOf(t, { ...WINDOW, ...fund, timezone });
      equal([timezone, await valueOf(t, id), ...await progressOf(t, id)], [timezone, 110, 110, "2025-12-22"]);
    }
  },
  async "a goal in another zone counts alike from the roll-ups of hours, when it is updated and when it ends"(t) {
    for (const [i, [timezone, begin, end]] of EDGES.entries()) {
      const metric = { service_name: "partners_crm", metric_name: `gifts_${i}` };
      const id = await goalOf(t, { ...WINDOW, ...metric, timezone });
      await giftsAround(t, begin, end, metric);
      equal(await progressOf(t, id), [110, "2025-12-22"]);
      if (i % 2 === 0) equal((await updateGoals(t.ctx, { goal_ids: [id] })).achieved, 1);
      else equal((await evaluateGoals(t.ctx)).achieved, 1);
      equal(await valueOf(t, id), 110);
    }
  },
  async "a goal in a zone ahead has today's gifts, though the organisation has yesterday"(t) {
    const week = { ...WINDOW, start_date: "2025-12-25", end_date: "2025-12-31", timezone: "Pacific/Kiritimati" };
    await send(t, [gift({ timestamp: "2025-12-24T09:59:00Z" }), gift({ timestamp: "2025-12-24T11:00:00Z" })]);
    const id = await goalOf(t, week); // there the 25th began at 10:00
    equal(await progressOf(t, id), [250, "2025-12-25"]);
  },
  async "a goal in a zone behind has the evening before the organisation's first reading"(t) {
    await send(t, [gift({ timestamp: "2025-12-01T07:00:00Z" })]);
    const november = { ...WINDOW, start_date: "2025-11-01", end_date: "2025-11-30" };
    equal(await valueOf(t, await goalOf(t, { ...november, timezone: "America/Los_Angeles" })), 250); // 23:00 on the 30th
    equal(await valueOf(t, await goalOf(t, november)), 0);
  },
  async "a goal in another zone has the level of its own last evening"(t) {
    const followers = (timestamp: string, platform: string, metric_value: number) => ({
      ...{ service_name: "social_media", metric_type: "engagement", metric_name: "followers", metric_unit: "count" },
      ...{ timestamp, dimensions: { platform }, metric_value },
    });
    await send(t, [
      ...[followers("2025-12-10T12:00:00Z", "a", 100), followers("2025-12-10T12:00:00Z", "b", 50)],
      ...[followers("2025-12-23T07:00:00Z", "a", 120), followers("2025-12-23T08:30:00Z", "a", 900)],
    ]);
    const level = { ...WINDOW, metric_type: "engagement", metric_name: "followers", unit: "followers" };
    const id = await goalOf(t, { ...level, timezone: "America/Los_Angeles" });
    equal(await progressOf(t, id), [170, "2025-12-22"]); // 120 + 50
    equal(await valueOf(t, await goalOf(t, level)), 150); // 100 + 50
  },
  async "a goal in the organisation's zone goes by the date that a reading has"(t) {
    await send(t, [gift({ timestamp: "2025-12-23T00:30:00Z", date: "2025-12-22" })]);
    equal(await valueOf(t, await goalOf(t, WINDOW)), 250);
    equal(await valueOf(t, await goalOf(t, { ...WINDOW, timezone: "Asia/Kolkata" })), 0); // 06:00 on the 23rd
  },
  async "a goal's forecast counts the days of its zone, and is made anew for its last evening"(t) {
    // Each day at 21:00 in Los Angeles, which is 05:00 of the next one in UTC.
    const days = Array.from({ length: 85 }, (_, i) => addDays("2025-10-01", i));
    await send(t, days.map((day) => gift({ timestamp: `${day}T05:00:00Z`, metric_value: 10 })));
    const ten = { ...WINDOW, target_value: 99, start_date: "2025-12-20", end_date: "2025-12-29" };
    const id = await goalOf(t, { ...ten, timezone: "America/Los_Angeles" });
    const forecast = async () => {
      const { current_value, forecast_value, meta } = await t.json("GET", `${GOALS}/${id}/forecast`, 200);
      return [current_value, Math.round(forecast_value * 1e6) / 1e6, meta.as_of, meta.data_through];
    };
    // 20 to 23 December are booked with 10 each, and six days are to come.
    equal(await forecast(), [40, 100, "2025-12-24", "2025-12-23"]);
    await t.setNow("2025-12-25T06:00:00Z"); // 22:00 on the 24th
    equal(await forecast(), [40, 100, "2025-12-24", "2025-12-23"]);
    await send(t, [gift({ timestamp: "2025-12-25T05:30:00Z", metric_value: 17 })]);
    equal(await forecast(), [57, 107, "2025-12-24", "2025-12-24"]); // 40 + 17 + 5 · 10
  },
};
