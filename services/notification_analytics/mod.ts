/**
 * The verbs of the notification analytics.
 * @module
 */
export { getNotificationChannels } from "./channels.ts";
export { getNotificationDelivery } from "./delivery.ts";
export { getNotificationStatistics } from "./statistics.ts";
