import type { Db } from "../client.ts";
import type { MetricType, ServiceName } from "../schema/enums.ts";
import { dayNumber, dayOf, START } from "./days.ts";

/** A goal of the charity as its staff would say it; fed from the demo's metrics unless it has readings by hand. */
export interface DemoGoal {
  /** The same in every run. */
  readonly id: string;
  readonly said: {
    readonly name: string;
    readonly description: string;
    readonly metric_type: MetricType;
    readonly target_value: number;
    readonly unit: string;
    readonly start_date: string;
    readonly end_date: string;
    readonly alert_threshold?: number;
    readonly direction?: "increase" | "decrease" | "maintain";
    readonly baseline_value?: number;
    readonly service_name?: ServiceName;
    readonly metric_name?: string;
    readonly dimensions?: Record<string, string>;
    readonly aggregation?: "sum" | "last" | "avg";
    readonly tracking?: "manual";
  };
  /** Readings by hand, the oldest first: date and value. */
  readonly readings: readonly (readonly [date: string, value: number])[];
}

/**
 * The charity's goals on a day: those of the running year, and two of the year before, of which in 2025 one was achieved
 * and one failed. Targets grow from year to year as the story does.
 * @param today YYYY-MM-DD
 * @throws {RangeError} when it is no date
 */
export function demoGoals(today: string): DemoGoal[] {
  const { year, month } = dayOf(dayNumber(today));
  const goals = [
    giving(year),
    reach(year),
    followers(year),
    bounces(year),
    latency(year, month),
    volunteers(today, year),
  ];
  if (year > dayOf(START).year) goals.push(giving(year - 1), newPartners(year - 1));
  return goals;
}

const sinceStart = (year: number) => year - dayOf(START).year;
const wholeYear = (year: number) => ({ start_date: `${year}-01-01`, end_date: `${year}-12-31` });
const idOf = (year: number, n: number) => `d3300000-0000-4000-8000-${year}${String(n).padStart(8, "0")}`;

function giving(year: number): DemoGoal {
  return fed(idOf(year, 1), {
    ...{
      name: `Donations ${year}`,
      description: "Five per cent more than the year before asked for",
      metric_type: "donation",
    },
    ...{ target_value: Math.round(480_000 * 1.05 ** sinceStart(year) / 10_000) * 10_000, unit: "USD" },
    ...{ ...wholeYear(year), alert_threshold: 75, service_name: "partners_crm", metric_name: "donation_received" },
  });
}

function reach(year: number): DemoGoal {
  return fed(idOf(year, 2), {
    ...{ name: `People reached ${year}`, description: "Over all projects", metric_type: "beneficiary" },
    ...{ target_value: 60_000 + 8_000 * sinceStart(year), unit: "people", ...wholeYear(year), alert_threshold: 90 },
    ...{ service_name: "projects", metric_name: "beneficiaries_reached" },
  });
}

function followers(year: number): DemoGoal {
  const baseline_value = 38_600 + 5_000 * sinceStart(year);
  return fed(idOf(year, 3), {
    ...{ name: `Followers by the end of ${year}`, description: "On all platforms together", metric_type: "engagement" },
    ...{ target_value: baseline_value + 5_100, baseline_value, unit: "followers", ...wholeYear(year) },
    ...{ service_name: "social_media", metric_name: "followers", aggregation: "last" },
  });
}

function bounces(year: number): DemoGoal {
  const target_value = 10_100 + 600 * sinceStart(year);
  return fed(idOf(year, 4), {
    ...{ name: `At most ${target_value} hard bounces`, description: "Clean lists while the mailings grow" },
    ...{ metric_type: "notification", target_value, baseline_value: target_value + 2_000, unit: "bounces" },
    ...{ ...wholeYear(year), direction: "decrease", alert_threshold: 100, service_name: "notification" },
    metric_name: "notification_bounced_hard",
  });
}

function latency(year: number, month: number): DemoGoal {
  const quarter = Math.ceil(month / 3);
  const [first, last] = [["01-01", "03-31"], ["04-01", "06-30"], ["07-01", "09-30"], ["10-01", "12-31"]][quarter - 1] ??
    [];
  return fed(idOf(year, 50 + quarter), {
    ...{ name: `E-mail within 2.5 s, Q${quarter} ${year}`, description: "The daily average until a mail is delivered" },
    ...{ metric_type: "notification", target_value: 2_500, baseline_value: 0, unit: "ms", direction: "maintain" },
    ...{
      start_date: `${year}-${first}`,
      end_date: `${year}-${last}`,
      alert_threshold: 90,
      service_name: "notification",
    },
    ...{ metric_name: "delivery_latency_ms", dimensions: { channel: "email" }, aggregation: "avg" },
  });
}

/** Volunteers in training, counted by hand in the middle of each month. */
const TRAINED = [14, 31, 55, 78, 96, 109, 121, 130, 158, 183, 207, 224];

function volunteers(today: string, year: number): DemoGoal {
  const readings = TRAINED.map((value, i) => [`${year}-${String(i + 1).padStart(2, "0")}-15`, value] as const);
  return {
    id: idOf(year, 6),
    said: {
      ...{ name: `Volunteers trained ${year}`, description: "Counted at the trainings", metric_type: "engagement" },
      ...{ target_value: 240, unit: "volunteers", ...wholeYear(year), alert_threshold: 80, tracking: "manual" },
    },
    readings: readings.filter(([date]) => date < today),
  };
}

function newPartners(year: number): DemoGoal {
  return fed(idOf(year, 7), {
    ...{ name: `New partners ${year}`, description: "Whoever registers", metric_type: "partner", unit: "partners" },
    ...{ target_value: 130 + 10 * sinceStart(year), ...wholeYear(year), service_name: "partners_crm" },
    metric_name: "partner_registered",
  });
}

const fed = (id: string, said: DemoGoal["said"]): DemoGoal => ({ id, said, readings: [] });

/** Whether a goal was ever there, deleted or not. */
export async function hadGoal(db: Db, id: string): Promise<boolean> {
  return (await db.query("select from goals where id = $1", [id])).length > 0;
}

/** Lets a goal be as old as its window. */
export async function predateGoal(tx: Db, id: string): Promise<void> {
  await tx.query("update goals set created_at = start_date::timestamp at time zone timezone where id = $1", [id]);
}
