import type { MetricKey } from "../../db/metric_definitions.ts";

/**
 * The metrics that the domain analytics read by name, by service and type: what they are cannot change, or these would
 * answer nonsense. A test shows that a new database defines exactly them.
 */
export const DICTIONARY: Readonly<Record<string, readonly string[]>> = {
  "partners_crm/donation": ["donation_received", "donation_refunded"],
  "partners_crm/partner": ["partner_registered", "partner_lapsed", "partner_active"],
  "partners_crm/engagement": ["partner_interaction"],
  "projects/project": [
    ...["project_started", "project_completed", "project_status"],
    ...["budget_planned", "planned_value", "earned_value", "cost_actual"],
  ],
  "projects/beneficiary": ["beneficiaries_reached"],
  "social_media/social_post": ["post_published", "post_reach", "post_impressions"],
  "social_media/engagement": ["post_likes", "post_comments", "post_shares", "post_clicks", "post_saves", "followers"],
  "notification/notification": [
    ...["notification_sent", "notification_delivered", "notification_bounced_hard", "notification_bounced_soft"],
    ...["notification_opened", "notification_clicked", "notification_unsubscribed", "notification_complained"],
    ...["notification_failed", "delivery_latency_ms"],
  ],
};

/** Whether domain analytics read a metric. */
export function isInDictionary({ service_name, metric_type, metric_name }: MetricKey): boolean {
  return DICTIONARY[`${service_name}/${metric_type}`]?.includes(metric_name) ?? false;
}
