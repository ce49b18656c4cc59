import type { MetricType, ServiceName } from "../../db/schema/enums.ts";
import type { Period } from "./period.ts";
import type { ReportCreate } from "./schema.ts";

/** One metric of a period. `total` is the sum of a flow, the level of a gauge, the average of a sample. */
export type MetricTotal = {
  service_name: ServiceName;
  metric_type: MetricType;
  metric_name: string;
  metric_unit: string | null;
  kind: "flow" | "gauge" | "sample";
  n: number;
  total: number | null;
  min: number | null;
  max: number | null;
  avg: number | null;
};

/** A metric day by day. */
export type DailyTable = {
  metric_name: string;
  unit: string | null;
  days: { date: string; value: number | null; n: number }[];
};

/** What a report is made from. */
export type ReportFacts = {
  report: Pick<ReportCreate, "name" | "report_type" | "parameters">;
  period: Period & { timezone: string; complete: boolean };
  compared_with: Period;
  data_through: string | null;
  data_version: string;
  totals: MetricTotal[];
  before: MetricTotal[];
  daily: (DailyTable & { service_name: ServiceName })[];
  code_version: string;
};

export type Column = { key: string; label: string; type: "text" | "number" | "percent" | "date" };
export type Cell = string | number | null;
export type Table = { id: string; title: string; columns: Column[]; rows: Record<string, Cell>[] };
export type Section = { id: ServiceName; title: string; tables: Table[] };

/** A report as every renderer gets it. It holds no instant of its making, so the same facts give the same bytes. */
export type ReportDocument = {
  title: string;
  report_type: ReportCreate["report_type"];
  period: ReportFacts["period"];
  compared_with: Period;
  data_through: string | null;
  summary: string[];
  sections: Section[];
  notes: string[];
  receipt: { parameters: Record<string, unknown>; data_version: string; row_count: number; code_version: string };
};

const TITLES: Record<ServiceName, string> = {
  auth: "Auth",
  content: "Content",
  partners_crm: "Partners CRM",
  projects: "Projects",
  social_media: "Social media",
  notification: "Notifications",
};

const COLUMNS: Column[] = [
  { key: "metric_type", label: "Type", type: "text" },
  { key: "metric_name", label: "Metric", type: "text" },
  { key: "unit", label: "Unit", type: "text" },
  { key: "kind", label: "Kind", type: "text" },
  { key: "total", label: "Total", type: "number" },
  { key: "count", label: "Records", type: "number" },
  { key: "average", label: "Average", type: "number" },
  { key: "minimum", label: "Smallest", type: "number" },
  { key: "maximum", label: "Largest", type: "number" },
  { key: "previous_total", label: "Before", type: "number" },
  { key: "change", label: "Change", type: "percent" },
];
const DAILY_COLUMNS: Column[] = [
  { key: "date", label: "Day", type: "date" },
  { key: "value", label: "Value", type: "number" },
  { key: "count", label: "Records", type: "number" },
];

/** Turns facts into the document: pure, so that every format says the same. */
export function composeReport(facts: ReportFacts): ReportDocument {
  const before = new Map(facts.before.map((row) => [keyOf(row), row]));
  const services = [...new Set(facts.totals.map((row) => row.service_name))];
  const sections = services.map((service): Section => ({
    id: service,
    title: TITLES[service],
    tables: [
      {
        id: "metrics",
        title: "All metrics",
        columns: COLUMNS,
        rows: facts.totals.filter((row) => row.service_name === service).map((row) =>
          line(row, before.get(keyOf(row)))
        ),
      },
      ...facts.daily.filter((table) => table.service_name === service).map(dailyTable),
    ],
  }));
  return {
    title: facts.report.name,
    report_type: facts.report.report_type,
    period: facts.period,
    compared_with: facts.compared_with,
    data_through: facts.data_through,
    summary: facts.totals.filter((row) => facts.daily.some((day) => isOf(day, row))).map((row) =>
      sentence(row, before)
    ),
    sections,
    notes: notes(facts),
    receipt: {
      parameters: facts.report.parameters,
      data_version: facts.data_version,
      row_count: sections.reduce(
        (sum, section) => sum + section.tables.reduce((n, table) => n + table.rows.length, 0),
        0,
      ),
      code_version: facts.code_version,
    },
  };
}

const keyOf = (row: MetricTotal) => [row.service_name, row.metric_type, row.metric_name, row.metric_unit].join("\n");
const isOf = (day: DailyTable & { service_name: string }, row: MetricTotal) =>
  day.service_name === row.service_name && day.metric_name === row.metric_name && day.unit === row.metric_unit;

/** (now − before) / |before|, null where there was nothing before. */
function change(now: number | null, before: number | null | undefined): number | null {
  return now === null || before === null || before === undefined || before === 0
    ? null
    : (now - before) / Math.abs(before);
}

function line(row: MetricTotal, before: MetricTotal | undefined): Record<string, Cell> {
  return {
    metric_type: row.metric_type,
    metric_name: row.metric_name,
    unit: row.metric_unit,
    kind: row.kind,
    total: row.total,
    count: row.n,
    average: row.avg,
    minimum: row.min,
    maximum: row.max,
    previous_total: before?.total ?? null,
    change: change(row.total, before?.total),
  };
}

function dailyTable({ metric_name, unit, days }: DailyTable): Table {
  return {
    id: `daily_${metric_name}`,
    title: `${metric_name} by day${unit === null ? "" : `, ${unit}`}`,
    columns: DAILY_COLUMNS,
    rows: days.map(({ date, value, n }) => ({ date, value, count: n })),
  };
}

const number = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });
const percent = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });

function sentence(row: MetricTotal, before: Map<string, MetricTotal>): string {
  const unit = row.metric_unit === null || row.metric_unit === "count" ? "" : ` ${row.metric_unit}`;
  const moved = change(row.total, before.get(keyOf(row))?.total);
  const compared = moved === null
    ? "nothing to compare with"
    : moved === 0
    ? "the same as before"
    : `${percent.format(Math.abs(moved))} ${moved > 0 ? "more" : "less"} than before`;
  const total = row.total === null ? "no value" : `${number.format(row.total)}${unit}`;
  return `${row.metric_name}: ${total} in ${number.format(row.n)} records, ${compared}.`;
}

function notes({ period, compared_with, totals }: ReportFacts): string[] {
  const said: string[] = [];
  if (totals.length === 0) said.push(`No metrics are stored for ${period.start} to ${period.end}.`);
  if (!period.complete) {
    said.push(
      `The period is not over: the figures are those so far, compared with ${compared_with.start} to ${compared_with.end}, as many days.`,
    );
  }
  if (totals.some((row) => row.kind === "gauge")) {
    said.push("A gauge is a level: its total adds the last value of each of its series, never values over time.");
  }
  return said;
}
