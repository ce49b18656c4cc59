import { type LatencyQuantiles, latencyQuantiles } from "../../db/notification_analytics.ts";
import { figure } from "../analytics/figures.ts";
import type { DomainQuestion } from "../analytics/question.ts";
import type { Needs } from "../context.ts";
import type { NotificationDelivery } from "./delivery_schema.ts";
import { rowsIn } from "./reading.ts";
import { MOST_CHANNELS } from "./schema.ts";

/** The samples of how long deliveries took. */
export const LATENCY = "delivery_latency_ms";
const UNIT = "ms";

type Latency = NotificationDelivery["latency"];

/** How long deliveries took in the window and in the period before, from the rows of these samples in milliseconds. */
export async function readLatency(
  ctx: Needs<"db" | "config">,
  { series, window, before }: Pick<DomainQuestion, "series" | "window" | "before">,
  channel: string | undefined,
): Promise<Latency> {
  const samples = series.filter(isMilliseconds);
  const [now = [], then = []] = samples.length === 0 ? [] : [
    await latencyQuantiles(ctx.db, rowsIn(ctx, samples, window, { [LATENCY]: 0 }, channel), MOST_CHANNELS + 1),
    await latencyQuantiles(ctx.db, rowsIn(ctx, samples, before, { [LATENCY]: 0 }, channel), MOST_CHANNELS + 1),
  ];
  return latencyOf(now, then);
}

/** Warns of samples in other units, which are left out. */
export function otherUnits({ series }: Pick<DomainQuestion, "series">): string[] {
  const others = series.filter((one) => one.metric_name === LATENCY && !isMilliseconds(one));
  if (others.length === 0) return [];
  return [`${LATENCY} is recorded in ${others.map((one) => one.metric_unit).join(", ")} too, which is left out`];
}

const isMilliseconds = ({ metric_unit }: DomainQuestion["series"][number]) =>
  metric_unit === null || metric_unit === UNIT;

/** The quantiles of a window beside those of the period before. */
export function latencyOf(now: readonly LatencyQuantiles[], before: readonly LatencyQuantiles[]): Latency {
  const beside = (own: LatencyQuantiles | undefined, old: LatencyQuantiles | undefined) => ({
    n: own?.n ?? 0,
    p50: figure(UNIT, own?.p50 ?? null, old?.p50 ?? null),
    p95: figure(UNIT, own?.p95 ?? null, old?.p95 ?? null),
  });
  const all = (one: LatencyQuantiles) => one.everywhere;
  return {
    ...beside(now.find(all), before.find(all)),
    channels: now.filter((one) => !one.everywhere).map((own) => ({
      channel: own.channel,
      ...beside(own, before.find((old) => !old.everywhere && old.channel === own.channel)),
    })),
  };
}
