import type { Db } from "../../../db/client.ts";
import type { Caller } from "../../../services/access.ts";
import { systemClock } from "../../../services/adapters/system_clock.ts";
import { readConfig } from "../../../services/config.ts";
import { executiveConfig } from "../../../services/dashboards/executive.ts";
import { getStatistics, getTimeSeries, listMetrics } from "../../../services/metrics/mod.ts";
import { dimensionFilters } from "../../../services/metrics/queries.ts";
import { getNotificationStatistics } from "../../../services/notification_analytics/mod.ts";
import { getPartnerDonations, getPartnerStatistics } from "../../../services/partner_analytics/mod.ts";
import { getProjectStatistics } from "../../../services/project_analytics/mod.ts";
import { getSocialPerformance } from "../../../services/social_media_analytics/mod.ts";
import { atMost, type Thresholds } from "../bar.ts";
import { numbersOf, pageOf } from "../dashboard.ts";
import { LAST_DAY } from "./generate.ts";

/** A question to the service, and what it may cost at the largest scale. */
export type Question = {
  name: string;
  ask(db: Db): Promise<unknown>;
  /** Milliseconds of Postgres. */
  ms?: Thresholds;
  /** Pages at the largest scale over those at the smallest. */
  growth?: Thresholds;
};

const caller: Caller = { kind: "local" };
const config = readConfig({ DATABASE_URL: "postgres://127.0.0.1/scale" }); // its limits are those of Postgres
const over = (db: Db) => ({ db, config, clock: systemClock });
const gifts = { service_name: "partners_crm", metric_type: "donation" } as const;
const received = { metric_name: "donation_received" };
const quarter = { start_date: "2025-10-03", end_date: LAST_DAY };
const year = { start_date: "2025-01-01", end_date: LAST_DAY };
const month = { start_date: "2025-12-01", end_date: LAST_DAY };

const page = (filter: Record<string, string>) => (db: Db) =>
  listMetrics(over(db), caller, { ...filter, dimensions: dimensionFilters(filter) }, {
    ...{ skip: 0, limit: 50, after: null },
  });

/** What is asked at every scale. */
export const QUESTIONS: Question[] = [
  {
    name: "90-day aggregate by day",
    ask: (db) => getStatistics(over(db), caller, { ...gifts, ...received, ...quarter, group_by: ["date"] }),
    growth: atMost(1.2, 1.0),
  },
  {
    name: "executive dashboard, stat and series widgets",
    ask: pageOf(numbersOf(executiveConfig([])), `${LAST_DAY}T12:00:00Z`),
    ms: atMost(50, 10),
  },
  {
    name: "a year by months, one metric",
    ask: (db) => getTimeSeries(over(db), caller, { ...gifts, ...year, interval: "month" }),
  },
  { name: "all metrics of a month", ask: (db) => getStatistics(over(db), caller, month) },
  {
    name: "a day's latency, percentiles from rows",
    ask: (db) =>
      getStatistics(over(db), caller, {
        ...{ service_name: "notification", metric_name: "delivery_latency_ms", measures: ["p95"] },
        ...{ start_date: LAST_DAY, end_date: LAST_DAY },
      }),
  },
  {
    name: "a month by campaign, from rows",
    ask: (db) => getStatistics(over(db), caller, { ...gifts, ...month, group_by: ["dimension.campaign"] }),
  },
  { name: "partners: statistics of a month", ask: (db) => getPartnerStatistics(over(db), month) },
  { name: "partners: donations of a month", ask: (db) => getPartnerDonations(over(db), caller, month) },
  { name: "projects: statistics of a month", ask: (db) => getProjectStatistics(over(db), month) },
  { name: "social media: performance of a month", ask: (db) => getSocialPerformance(over(db), month) },
  { name: "notifications: statistics of a month", ask: (db) => getNotificationStatistics(over(db), month) },
  { name: "list: service and type", ask: page(gifts) },
  { name: "list: everything", ask: page({}) },
  { name: "list: service, type and a rare name", ask: page({ ...gifts, metric_name: "donation_refunded" }) },
  { name: "list: name alone", ask: page({ metric_name: "followers" }) },
  { name: "list: type and days", ask: page({ metric_type: "engagement", ...quarter }) },
  // The first row is of this partner, at any scale.
  { name: "list: one partner", ask: page({ ...gifts, "dimension.partner_id": "p-26" }) },
  { name: "list: a country in a month", ask: page({ ...gifts, ...month, "dimension.country": "KE" }) },
];
