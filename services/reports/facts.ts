import { localToday } from "../../db/today.ts";
import type { Needs } from "../context.ts";
import { addDays, daysBetween } from "../days.ts";
import { dailySeries, type PeriodTotal, periodTotals } from "../metrics/mod.ts";
import { VERSION } from "../version.ts";
import type { ReportFacts } from "./document.ts";
import { type Period, periodBefore } from "./period.ts";
import type { ReportSubject } from "./schema.ts";

/** How many metrics a report shows day by day: the primary one of each service and type, and few services have several. */
const MOST_DAILY = 20;
const READINGS = 3;

/**
 * Reads everything that a report is made from.
 *
 * The queries are several, so metrics may change between them: the data version is read again at the end, and if it
 * moved, all of it is read anew. The receipt therefore names the state that the figures really come from.
 */
export async function gatherFacts(
  ctx: Needs<"db" | "config">,
  report: ReportSubject & { name: string },
  period: Period,
): Promise<ReportFacts> {
  for (let reading = 1;; reading++) {
    const facts = await readOnce(ctx, report, period);
    const { data_version } = await periodTotals(ctx, query(report, period));
    if (data_version === facts.data_version || reading === READINGS) return facts;
  }
}

async function readOnce(
  ctx: Needs<"db" | "config">,
  report: ReportSubject & { name: string },
  period: Period,
): Promise<ReportFacts> {
  const timezone = ctx.config.ORG_TIMEZONE;
  const today = await localToday(ctx.db, timezone);
  const complete = period.end < today;
  const before = comparable(report.report_type, period, today);
  const { totals, data_version, data_through } = await periodTotals(ctx, query(report, period));
  const earlier = await periodTotals(ctx, query(report, before));
  const daily: ReportFacts["daily"] = [];
  for (const row of firstOfEachType(totals).slice(0, MOST_DAILY)) {
    const { service_name, metric_type, metric_name, metric_unit } = row;
    const series = await dailySeries(ctx, {
      ...{ service_name, metric_type, metric_name, metric_unit },
      ...{ start_date: period.start, end_date: period.end },
    });
    daily.push({ service_name, metric_name, unit: metric_unit, days: series.days });
  }
  return {
    report,
    period: { ...period, timezone, complete },
    compared_with: before,
    data_through,
    data_version,
    totals,
    before: earlier.totals,
    daily,
    code_version: VERSION,
  };
}

const query = ({ parameters }: ReportSubject, { start, end }: Period) => ({
  start_date: start,
  end_date: end,
  services: parameters.services,
  metric_types: parameters.metric_types,
});

/** The period before; a running period is compared with as many days as it has had. */
function comparable(type: ReportSubject["report_type"], period: Period, today: string): Period {
  const before = periodBefore(type, period);
  if (period.end < today || period.start > today) return before;
  const end = addDays(before.start, daysBetween(period.start, today));
  return end < before.end ? { start: before.start, end } : before;
}

/** One flow stands for each service and type: the primary one, else the most recorded. */
function firstOfEachType(totals: PeriodTotal[]): PeriodTotal[] {
  const first = new Map<string, PeriodTotal>();
  for (const row of totals) {
    if (row.kind !== "flow") continue;
    const key = `${row.service_name} ${row.metric_type}`;
    const held = first.get(key);
    const better = held === undefined || (row.is_primary === held.is_primary ? row.n > held.n : row.is_primary);
    if (better) first.set(key, row);
  }
  return [...first.values()];
}
