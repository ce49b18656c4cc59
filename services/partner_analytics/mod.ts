/**
 * The verbs of partner analytics.
 * @module
 */
export { getPartnerBreakdown } from "./breakdown.ts";
export { getPartnerDonations } from "./donations.ts";
export { getPartnerEngagement } from "./engagement.ts";
export { getPartnerStatistics } from "./statistics.ts";
