/** One reading as a service sends it: what POST /metrics takes. */
export type Row = {
  service_name: string;
  metric_type: string;
  metric_name: string;
  metric_value: number;
  metric_unit: string;
  dimensions: Record<string, string>;
  timestamp: string;
  external_id: string;
};

/** Rows of one batch, as the bar says: 1,000 in 5 series over 3 hours. */
export const BATCH = 1_000;

const SERIES = [
  ["partners_crm", "donation", "donation_received", "USD"],
  ["projects", "beneficiary", "beneficiaries_reached", "count"],
  ["social_media", "social_post", "post_reach", "count"],
  ["social_media", "engagement", "post_likes", "count"],
  ["notification", "notification", "notification_sent", "count"],
] as const;
const COUNTRIES = ["KE", "UG", "TZ", "DE", "US"];
const FIRST = Date.UTC(2025, 5, 2, 9);
const WINDOW_MS = 3 * 3_600_000;
const SPACING_MS = WINDOW_MS / BATCH;

/**
 * A batch that nobody sent before: `name` goes into its external ids and must not come twice.
 * @param window which three hours; those of all senders when absent
 */
export function batch(name: string, window = 0): Row[] {
  const first = FIRST + window * WINDOW_MS;
  return Array.from({ length: BATCH }, (_, i) => {
    const [service_name, metric_type, metric_name, metric_unit] = SERIES[i % 5] ?? SERIES[0];
    return {
      service_name,
      metric_type,
      metric_name,
      metric_value: metric_unit === "USD" ? (i * 7919 % 50_000) / 100 : i * 31 % 400,
      metric_unit,
      dimensions: { country: COUNTRIES[i % 7 % 5] ?? "KE", campaign: `campaign_${i % 13}` },
      timestamp: new Date(first + i * SPACING_MS).toISOString(),
      external_id: `${name}-${i}`,
    };
  });
}

/** The columns of a batch as COPY reads them. */
export const COPY_COLUMNS =
  `service_name, metric_type, metric_name, metric_value, metric_unit, dimensions, "timestamp", date, external_id`;

/** A batch as COPY reads it, in its text format; none of the values needs an escape. */
export function copyText(rows: readonly Row[]): string {
  return rows.map((row) =>
    [
      row.service_name,
      row.metric_type,
      row.metric_name,
      row.metric_value,
      row.metric_unit,
      JSON.stringify(row.dimensions),
      row.timestamp,
      row.timestamp.slice(0, 10),
      row.external_id,
    ].join("\t") + "\n"
  ).join("");
}
