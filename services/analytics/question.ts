import { findSeries, type KnownSeries, recordedSince } from "../../db/metric_series.ts";
import type { ServiceName } from "../../db/schema/enums.ts";
import type { Needs } from "../context.ts";
import { addDays } from "../days.ts";
import { localDay } from "../metrics/local_time.ts";
import type { Window } from "../metrics/axis.ts";
import { comparedWindow } from "./comparison.ts";
import { type DomainMeta, type DomainQuery, MOST_WINDOW_DAYS } from "./schema.ts";
import { resolveWindow } from "./window.ts";

/** A question of the domain analytics, settled: which days, which currency, and what the service has recorded. */
export type DomainQuestion = {
  window: Window & { complete: boolean };
  /** The fair comparisons. */
  before: Window;
  year_before: Window;
  /** Milliseconds since 1970, and the local day of it. */
  now: number;
  today: string;
  /** Everything the service has recorded, of money only the one currency. */
  series: KnownSeries[];
  /** Everything the service has recorded, money of every currency: for counting people, who may give in several. */
  recorded: KnownSeries[];
  /** The unit of all money in the answer; null where none is recorded, or money without a unit. */
  currency: string | null;
  /** Rows dated before it are no longer kept; null where all are. */
  floor: string | null;
  warnings: string[];
};

/**
 * Settles a question about one service.
 * @param money the names of its metrics that are amounts of money
 * @throws {DomainError} `invalid` for a window of more than ten years, or one that ends before it starts
 */
export async function domainQuestion(
  ctx: Needs<"db" | "config">,
  service_name: ServiceName,
  query: DomainQuery,
  money: readonly string[] = [],
): Promise<DomainQuestion> {
  const found = await findSeries(ctx.db, { service_name });
  const window = resolveWindow(query, ctx.config.ORG_TIMEZONE, found.now, MOST_WINDOW_DAYS);
  const now = Date.parse(found.now);
  const today = localDay(window.timezone, now);
  const isMoney = (one: KnownSeries) => money.includes(one.metric_name);
  const { currency, warnings } = await chooseCurrency(ctx, found.series.filter(isMoney), query.currency, today);
  return {
    window,
    before: comparedWindow(window, "previous_period", today),
    year_before: comparedWindow(window, "previous_year", today),
    now,
    today,
    series: found.series.filter((one) => !isMoney(one) || one.metric_unit === currency),
    recorded: found.series,
    currency,
    floor: found.detail_floor,
    warnings,
  };
}

const LAST_YEAR_DAYS = 365;

async function chooseCurrency(
  ctx: Needs<"db">,
  amounts: readonly KnownSeries[],
  asked: string | undefined,
  today: string,
): Promise<{ currency: string | null; warnings: string[] }> {
  const units = [...new Set(amounts.map((one) => one.metric_unit))];
  if (asked !== undefined) {
    const known = units.includes(asked) || units.length === 0;
    return { currency: asked, warnings: known ? [] : [`No amount is recorded in ${asked}; there are ${named(units)}`] };
  }
  const [only = null] = units;
  if (units.length < 2) return { currency: only, warnings: [] };
  const counts = await recordedSince(ctx.db, amounts, addDays(today, -LAST_YEAR_DAYS));
  const readings = units.map((unit) =>
    amounts.reduce((sum, one, i) => one.metric_unit === unit ? sum + (counts[i] ?? 0) : sum, 0)
  );
  const currency = units[readings.indexOf(Math.max(...readings))] ?? null;
  const others = units.filter((unit) => unit !== currency);
  const warning = `Amounts are recorded in ${units.length} currencies; these are in ${named([currency])}, the most ` +
    `recorded of the last year. Others: ${named(others)}`;
  return { currency, warnings: [warning] };
}

const named = (units: readonly (string | null)[]) => units.map((unit) => unit ?? "no unit").join(", ");

/** What an answer says about itself. @param names the metrics that it rests on; all of the service when absent */
export function domainMeta(
  question: DomainQuestion,
  source: DomainMeta["source"],
  { names, warnings = [] }: { names?: readonly string[]; warnings?: readonly string[] } = {},
): DomainMeta {
  const { window, before, year_before, series, floor } = question;
  const { start_date, end_date, timezone, complete } = window;
  const days = ({ start_date, end_date }: Window) => ({ start_date, end_date });
  const used = names === undefined ? series : series.filter((one) => names.includes(one.metric_name));
  const lost = source === "rows" && floor !== null && start_date < floor
    ? [`Rows dated before ${floor} are no longer kept; this counts later ones`]
    : [];
  return {
    period: { start_date, end_date, timezone, complete },
    compared_with: { previous_period: days(before), previous_year: days(year_before) },
    data_through: used.map((one) => one.last_at).sort().at(-1) ?? null,
    source,
    warnings: [...question.warnings, ...warnings, ...lost, ...(complete ? [] : [RUNNING])],
  };
}

const RUNNING = "The period is not over: it is compared with as many days as it has had";

/** Why an answer about some metrics is empty; null where one of them is recorded in the window or before it. */
export function nothingRecorded({ series, window, today }: DomainQuestion, names: readonly string[]): string | null {
  const used = series.filter((one) => names.includes(one.metric_name));
  if (used.length === 0) return `None of ${names.join(", ")} has been recorded`;
  if (window.start_date > today) return "The period has not begun";
  const first = used.map((one) => one.first_day).sort()[0] ?? "";
  return first > window.end_date ? `Nothing was recorded before ${first}` : null;
}
