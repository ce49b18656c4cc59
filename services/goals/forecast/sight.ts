import { createHash } from "node:crypto";
import { manualDays } from "../../../db/goal_readings.ts";
import type { GoalRow } from "../../../db/goals.ts";
import { findSeries, type Found, stateOf } from "../../../db/metric_series.ts";
import type { MetricType, ServiceName } from "../../../db/schema/enums.ts";
import type { Needs } from "../../context.ts";
import { addDays } from "../../days.ts";
import { localDay } from "../../metrics/local_time.ts";
import { chooseSeries, type ChosenSeries, DATE_SLACK, readDays } from "../../metrics/mod.ts";
import { VERSION } from "../../version.ts";
import { doubtsOf } from "../doubts.ts";
import { inItsUnit } from "../units.ts";
import type { SeriesDay } from "../window.ts";
import type { OutlookInput } from "./input.ts";

/** Local days of history that a forecast is fitted to, at most: three years, so that it has seen each season twice. */
const HISTORY_DAYS = 1_096;

/** What a goal is to be forecast from, told by the roll-up's key and a count of changes, before any day is read. */
export type Sight = {
  /** A digest of all that the forecast depends on: another one after every change. */
  inputs: string;
  data_version: string;
  warnings: string[];
  /** Reads the days that it is computed from. */
  read(): Promise<OutlookInput>;
};

/** Finds the series of a service, or hands out what was found for another goal. */
export type FindService = (service_name: ServiceName) => Promise<Found>;

/** Looks at each service once, however many goals it feeds. */
export function sharedServices({ db }: Needs<"db">): FindService {
  const found = new Map<ServiceName, Promise<Found>>();
  return (service_name) => {
    const held = found.get(service_name) ?? findSeries(db, { service_name });
    found.set(service_name, held);
    return held;
  };
}

/** What an active goal is to be forecast from. */
export async function sightOf(ctx: Needs<"db" | "config">, goal: GoalRow, find: FindService): Promise<Sight> {
  const { service_name, metric_type, metric_name } = goal;
  if (service_name === null || metric_name === null) {
    return handSight(goal, await manualDays(ctx.db, { ...goal, end_date: goal.today }));
  }
  return await seriesSight(ctx, goal, { service_name, metric_type, metric_name }, await find(service_name));
}

function handSight(goal: GoalRow, days: SeriesDay[]): Sight {
  const data_version = digest(days);
  const input = { ...about(goal), source: { by: "hand" as const, days } };
  return { inputs: digest([told(goal), data_version]), data_version, warnings: [], read: () => Promise.resolve(input) };
}

type Feed = { service_name: ServiceName; metric_type: MetricType; metric_name: string };

async function seriesSight(ctx: Needs<"db" | "config">, goal: GoalRow, feed: Feed, found: Found): Promise<Sight> {
  const name = `${feed.service_name}/${feed.metric_name}`;
  const start = addDays(goal.today, -HISTORY_DAYS);
  const { timezone, today } = goal;
  const window = { start_date: goal.start_date < start ? goal.start_date : start, end_date: today, timezone };
  const slack = timezone === ctx.config.ORG_TIMEZONE ? 0 : DATE_SLACK;
  const named = found.series.filter((one) =>
    one.metric_type === feed.metric_type && one.metric_name === feed.metric_name
  );
  const { found: series, warnings } = await inItsUnit(
    goal,
    (metric_unit) => metric_unit === undefined ? named : named.filter((one) => one.metric_unit === metric_unit),
    (some) => some.length > 0,
  );
  const { chosen, warnings: choice } = await chooseSeries(ctx, window, { now: found.now, series });
  const state = chosen === null ? { version: "" } : await stateOf(
    ctx.db,
    chosen.series.map((one) => ({ ...one, g: 0 })),
    addDays(window.start_date, -slack),
    addDays(window.end_date, slack),
  );
  const heard = heardOf(found, addDays(today, -1), slack === 0 ? null : timezone);
  const read = async (): Promise<OutlookInput> => {
    const days = chosen === null ? [] : await readDays(ctx, chosen, goal.dimensions ?? undefined);
    return { ...about(goal), source: { by: "series", name, kind: chosen?.kind ?? "flow", days, heard } };
  };
  return {
    inputs: digest([told(goal), keyOf(chosen), heard, found.detail_floor, state.version]),
    data_version: state.version,
    warnings: [...warnings, ...(series.length > 0 ? [] : doubtsOf(goal, found.series)), ...choice],
    read,
  };
}

/**
 * The last day up to `end` on which the service sent any reading, as far as the last reading of each series tells.
 * @param timezone whose days; null for the organisation's
 */
function heardOf({ series }: Found, end: string, timezone: string | null): string | null {
  const days = series.map((one) => timezone === null ? one.last_day : localDay(timezone, Date.parse(one.last_at)));
  const last = days.reduce((a, b) => a > b ? a : b, "");
  return last === "" ? null : last < end ? last : end;
}

const keyOf = (chosen: ChosenSeries | null) =>
  chosen === null ? null : [chosen.kind, chosen.window, chosen.series.map((one) => one.metric_unit)];

function about(goal: GoalRow): Omit<OutlookInput, "source"> {
  const { id, direction, baseline_value, target_value, start_date, end_date, unit, aggregation, today } = goal;
  const terms = { direction, baseline_value, target_value, start_date, end_date, unit };
  return {
    seed: id,
    terms: { ...terms, aggregation: aggregation ?? "last" },
    today,
    current_value: goal.current_value,
  };
}

/** Of the goal, what its forecast depends on. */
function told(goal: GoalRow) {
  const { current_value, ...rest } = about(goal);
  const own = goal.metric_name === null ? current_value : null;
  return [VERSION, rest, own, goal.timezone, goal.service_name, goal.metric_type, goal.metric_name, goal.dimensions];
}

const digest = (told: unknown): string => createHash("sha256").update(JSON.stringify(told)).digest("hex").slice(0, 32);
