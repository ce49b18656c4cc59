import type { DimensionFilter } from "../../db/metric_cells.ts";
import type { KnownSeries } from "../../db/metric_series.ts";
import type { Needs } from "../context.ts";
import { addDays } from "../days.ts";
import type { CutWindow } from "../metrics/axis.ts";
import { type GroupValues, readGroups, type Source } from "../metrics/groups.ts";
import { mostRowsRead } from "../metrics/row_reads.ts";
import { amountIn, type Reading, type Track } from "./amounts.ts";
import { joinedCut } from "./joined_cut.ts";
import type { Days, Observed, Rest } from "./observed.ts";
import { daysBefore, daysOver, daysUpTo, type Period } from "./period_plan.ts";
import { type Question, throughOf } from "./question.ts";

/** What was read, and from where. */
export type Observation = { observed: Observed[]; rest: Rest | null; source: Source };

/** One member for each service, all read by one statement. */
export async function readServices(ctx: Needs<"db" | "config">, question: Question): Promise<Observation> {
  const { meant, terms, today } = question;
  const window = daysOver(question.window, today);
  const cut = joinedCut(ctx, [window], terms.interval);
  const { source, values } = await readCut(ctx, question, cut);
  const tracks = Map.groupBy(values, (one) => one.g);
  const observed = meant.groups.flatMap((group, g): Observed[] => {
    const [head] = group;
    if (head === undefined) return [];
    const amount = amountIn(
      trackOf(tracks.get(g)),
      window,
      knownDays(question, group, source),
      readingOf(question, cut),
    );
    const { service_name: key, metric_name } = head;
    return [{
      ...wholeWindow(question, key),
      key,
      label: key,
      metric_name,
      ...amount,
    }];
  });
  return { observed, rest: null, source };
}

/** One member for each period, all read by one statement. */
export async function readPeriods(ctx: Needs<"db" | "config">, question: Question): Promise<Observation> {
  const { periods, window: { timezone }, meant, terms, today, heard, request } = question;
  const group = meant.groups[0] ?? [];
  const through = throughOf(heard, group[0]?.service_name, today);
  const planned = periods.map((period) => planOf(period, { through, today, timezone, request }));
  const windows = planned.flatMap(({ window, before }) => before === null ? [window] : [window, before]);
  const cut = joinedCut(ctx, windows.map((days) => ({ ...days, timezone })), terms.interval);
  const { source, values } = await readCut(ctx, question, cut);
  const [track, known] = [trackOf(values), knownDays(question, group, source)];
  const amount = (days: Days) => amountIn(track, days, known, readingOf(question, cut));
  const observed = planned.map(({ before, ...period }): Observed => ({
    ...period,
    metric_name: null,
    ...amount(period.window),
    before: before && { ...before, days: daysUpTo(before, before.end_date), value: amount(before).value },
  }));
  return { observed, rest: null, source };
}

type Moment = Pick<Question, "today" | "request"> & { through: string; timezone: string };

/** What is known of a period before anything is read. */
function planOf(period: Period, { through, today, timezone, request }: Moment) {
  const { key, label, full } = period;
  const window = daysOver(period.window, today);
  const whole = window.start_date === full.start_date && window.end_date === full.end_date;
  const complete = whole && full.end_date <= through;
  // Of a running window the days that are over are fairly compared with as many, where the service still sends.
  const fair = request.compare !== undefined && window.start_date <= through && addDays(through, 1) === today;
  const before = complete || request.period === undefined
    ? null
    : daysBefore({ key, label, window, full }, through, timezone);
  const days = daysUpTo(window, window.start_date < today ? through : today);
  const length_days = daysUpTo(full, full.end_date);
  return { key, label, window, complete, days, length_days, comparable: complete || fair, before };
}

/** The numbers of a cut; of one group for each of the series that are compared. */
export async function readCut(
  ctx: Needs<"db" | "config">,
  { meant, now, request }: Question,
  cut: CutWindow,
  { split = [], more = [] }: { split?: readonly string[]; more?: readonly DimensionFilter[] } = {},
): Promise<{ source: Source; values: GroupValues[] }> {
  const filters = Object.entries(request.dimensions ?? {}).map(([key, value]) => ({ key, values: [value] }));
  return await readGroups(ctx.db, {
    targets: meant.groups.flatMap((group, g) => group.map((one) => ({ ...one, g }))),
    ...{ cut, now, split, filters: [...filters, ...more], distinct: [], percentiles: false },
    most_rows: mostRowsRead(ctx.config),
  });
}

/** What members that have the whole window share. */
export function wholeWindow({ window, heard, today }: Question, service: string) {
  const through = throughOf(heard, service, today);
  const complete = window.complete && window.end_date <= through;
  const days = daysUpTo(window, window.start_date < today ? through : today);
  const length_days = daysUpTo(window, window.end_date);
  return { window: null, days, length_days, complete, comparable: true, before: null };
}

/** From the first recorded day, of which rows are kept where these are read, to the last on which the service sent anything. */
export function knownDays({ heard, floor, today }: Question, group: readonly KnownSeries[], source: Source): Days {
  const first = group.map((one) => one.first_day).reduce((a, b) => a < b ? a : b, "9999-12-31");
  const start_date = source === "rows" && floor !== null && floor > first ? floor : first;
  return { start_date, end_date: heard.get(group[0]?.service_name ?? "") ?? today };
}

/** How a cut is added up. */
export function readingOf({ calendar, now, window: { timezone }, terms }: Question, cut: CutWindow): Reading {
  return { cut, calendar, now, timezone, terms };
}

/** The values of one member by their buckets. */
export const trackOf = (values: readonly GroupValues[] = []): Track => new Map(values.map((one) => [one.b, one]));
