import type { KnownSeries } from "../../db/metric_series.ts";
import { PARTNER_METRICS, type PartnerMetric, type Readings } from "../../db/partner_analytics.ts";
import { cutOf } from "../analytics/cut.ts";
import { type DomainQuestion, domainQuestion } from "../analytics/question.ts";
import type { Needs } from "../context.ts";
import type { Window } from "../metrics/axis.ts";
import { mostRowsRead, rowsToRead } from "../metrics/row_reads.ts";
import type { AskedWindow } from "./schema.ts";

/** The names of the metrics that partner analytics read. */
export const NAMES = {
  gift: PARTNER_METRICS.gift[1],
  refund: PARTNER_METRICS.refund[1],
  registration: PARTNER_METRICS.registration[1],
  interaction: PARTNER_METRICS.interaction[1],
};

/** A question about partners, settled: the recorded series of each metric. */
export type PartnerQuestion = DomainQuestion & {
  /** Of one currency, as all money. */
  gifts: KnownSeries[];
  refunds: KnownSeries[];
  /** Gifts of any currency: for counting people. */
  any_gifts: KnownSeries[];
  registrations: KnownSeries[];
  interactions: KnownSeries[];
  /** The last day that people are counted to: today where the period is running, else the period's last. */
  as_of: string;
};

/** Settles a question about partners. @throws {DomainError} `invalid` for a window that makes no sense */
export async function partnerQuestion(ctx: Needs<"db" | "config">, query: AskedWindow): Promise<PartnerQuestion> {
  const question = await domainQuestion(ctx, "partners_crm", query, [NAMES.gift, NAMES.refund]);
  const { series, recorded, window, today } = question;
  return {
    ...question,
    gifts: series.filter(isOf("gift")),
    refunds: series.filter(isOf("refund")),
    any_gifts: recorded.filter(isOf("gift")),
    registrations: recorded.filter(isOf("registration")),
    interactions: recorded.filter(isOf("interaction")),
    as_of: window.start_date <= today && today < window.end_date ? today : window.end_date,
  };
}

const isOf = (metric: PartnerMetric) => ({ metric_type, metric_name }: KnownSeries) =>
  metric_type === PARTNER_METRICS[metric][0] && metric_name === PARTNER_METRICS[metric][1];

/** A stretch of local days, both inclusive. */
export type Days = { start_date: string; end_date: string };

/** Whether any of some series was recorded by the end of a stretch that has begun: then nothing means 0, else not known. */
export function isKnown(series: readonly KnownSeries[], { start_date, end_date }: Days, today: string): boolean {
  return start_date <= today && series.some((one) => one.first_day <= end_date);
}

/** What to read of a metric: its series of the question, in their units. */
export function readingsOf(metric: PartnerMetric, series: readonly KnownSeries[]): Readings {
  return { metric, units: series.map((one) => one.metric_unit ?? "") };
}

/** Whether so few rows of a metric lie in some windows that what only rows tell may be read from them. */
export async function mayReadRows(
  ctx: Needs<"db" | "config">,
  series: readonly KnownSeries[],
  windows: readonly Window[],
): Promise<boolean> {
  const reads = { cells: series, levels: [], levels_from_start: false };
  let rows = 0;
  for (const window of windows) rows += await rowsToRead(ctx.db, cutOf(ctx, window), reads);
  return rows <= mostRowsRead(ctx.config);
}

/** What to say where the rows are too many to be read. */
export function tooManyRows(what: string): string {
  return `The period has too many rows to read them all: ${what} are left out; a shorter one has them`;
}

/** What to say where another zone is asked for than that by whose days the people are counted. @param what and a verb */
export function zoneWarnings({ window }: PartnerQuestion, { config }: Needs<"config">, what: string): string[] {
  if (window.timezone === config.ORG_TIMEZONE) return [];
  return [`${what} by the organisation's own days (${config.ORG_TIMEZONE})`];
}
