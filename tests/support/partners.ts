import { gift } from "./gifts.ts";

export const PARTNERS = "/api/v1/analytics/partners";

/** The noon of a day. */
const noon = (day: string) => ({ timestamp: `${day}T12:00:00Z` });

/** A gift of a partner on a day. */
export const gave = (partner_id: string, day: string, metric_value = 100, more: Record<string, unknown> = {}) =>
  gift({ metric_value, ...noon(day), dimensions: { partner_id, ...more } });

/** The same in another currency. */
export const gaveEuro = (partner_id: string, day: string, metric_value = 100) =>
  gift({ metric_value, metric_unit: "EUR", ...noon(day), dimensions: { partner_id } });

/** A gift paid back to a partner. */
export const refunded = (partner_id: string, day: string, metric_value: number) =>
  gift({ metric_name: "donation_refunded", metric_value, ...noon(day), dimensions: { partner_id } });

/** A partner who registers. */
export const registered = (partner_id: string, day: string) =>
  gift({
    ...{ metric_type: "partner", metric_name: "partner_registered", metric_value: 1, metric_unit: "count" },
    ...{ ...noon(day), dimensions: { partner_id } },
  });

/** A call, visit, mail or event with a partner. */
export const met = (partner_id: string, day: string, kind = "call") =>
  gift({
    ...{ metric_type: "engagement", metric_name: "partner_interaction", metric_value: 1, metric_unit: "count" },
    ...{ ...noon(day), dimensions: { partner_id, kind } },
  });

/** value and previous of a figure or a rate. */
export const pair = ({ value, previous }: { value: number | null; previous: number | null }) => [value, previous];

/** What a rate is made of. */
export const parts = ({ numerator, denominator }: { numerator: number | null; denominator: number | null }) => [
  ...[numerator, denominator],
];
