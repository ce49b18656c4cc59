/**
 * The verbs of the social media analytics.
 * @module
 */
export { getSocialEngagement } from "./engagement.ts";
export { getSocialPerformance } from "./performance.ts";
export { getSocialPlatforms } from "./platforms.ts";
