import type { App } from "./app.ts";
import { gift } from "./gifts.ts";

export const GOALS = "/api/v1/goals";

/** 1,000 USD of gifts in December 2025, fed by donation_received. */
export const DECEMBER = {
  ...{ name: "December", metric_type: "donation", target_value: 1_000, unit: "USD" },
  ...{ start_date: "2025-12-01", end_date: "2025-12-31" },
};

/** A goal by hand over the ten days from 20 to 29 December 2025, with a threshold of 75 of its 100 calls. */
export const CALLS = {
  ...{ name: "Calls", metric_type: "engagement", target_value: 100, unit: "calls", alert_threshold: 75 },
  ...{ start_date: "2025-12-20", end_date: "2025-12-29" },
};

/** Makes a goal over HTTP; answers its id. */
export async function goalOf(t: App, goal: Record<string, unknown> = DECEMBER): Promise<string> {
  return (await t.json("POST", GOALS, 201, { body: goal })).id;
}

/** Where a goal stands, as stored. */
export async function valueOf(t: App, id: string): Promise<number> {
  return (await t.json("GET", `${GOALS}/${id}`, 200)).current_value;
}

/** Records a reading by hand; answers the goal afterwards. */
// deno-lint-ignore no-explicit-any -- as in App.json
export function read(t: App, id: string, current_value: number): Promise<any> {
  return t.json("POST", `${GOALS}/${id}/update-progress`, 200, { body: { current_value } });
}

/** Sends one gift of a day. */
export async function give(t: App, date: string, metric_value: number, more: Record<string, unknown> = {}) {
  return await t.json("POST", "/api/v1/metrics", 201, {
    body: gift({ timestamp: undefined, date, metric_value, ...more }),
  });
}

/** The runs that metrics queued, not those of goals that are new; the earliest first, each as `12:01 queued donation_received`. */
export async function feeds(t: Pick<App, "db">): Promise<string[]> {
  const rows = await t.db.query<{ at: string; state: string; reason: string | null; name: string }>(
    `select run_at as at, state, reason, config -> 'series' ->> 'metric_name' as name from ops.job_runs
     where job_type = 'goal_update' and config ? 'series' order by run_at, config -> 'series'`,
  );
  return rows.map(({ at, state, reason, name }) =>
    `${at.slice(11, 16)} ${state}${reason === null ? "" : ` (${reason})`} ${name}`
  );
}
