import type { MetricType, ServiceName } from "../schema/enums.ts";
import { type Day, instant } from "./days.ts";

/** One metric as a service would push it; its external_id is unique within the service and the same in every run. */
export interface DemoMetric {
  readonly service_name: ServiceName;
  readonly metric_type: MetricType;
  readonly metric_name: string;
  readonly metric_value: number;
  readonly metric_unit: string | null;
  readonly dimensions: Record<string, string | number | boolean>;
  /** RFC 3339, UTC. */
  readonly timestamp: string;
  /** YYYY-MM-DD, the UTC date of the timestamp. */
  readonly date: string;
  readonly external_id: string;
}

/** The rows of one day of one service; called once a day, in order, because the story has a memory. */
export type Story = (day: Day) => DemoMetric[];

/** What one row says beyond the service and the day it belongs to. */
export interface Reading {
  readonly type: MetricType;
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly dimensions: Record<string, string | number | boolean>;
  /** Second of the day in UTC. */
  readonly second: number;
  /** What makes the row unique among those of its name. */
  readonly key: string;
}

/** Dates and signs one reading of a service. */
export function metric(service: ServiceName, day: Day, reading: Reading): DemoMetric {
  return {
    service_name: service,
    metric_type: reading.type,
    metric_name: reading.name,
    metric_value: reading.value,
    metric_unit: reading.unit,
    dimensions: reading.dimensions,
    timestamp: instant(day.date, reading.second),
    date: day.date,
    external_id: `${reading.name}:${reading.key}`,
  };
}

/** An amount of money with two decimals. */
export function cents(amount: number): number {
  return Math.round(amount * 100) / 100;
}
