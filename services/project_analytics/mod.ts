/** What the readings of the projects service say about projects and the people they reach. */
export { getProjectBeneficiaries } from "./beneficiaries.ts";
export { getProjectCompletion } from "./completion.ts";
export { getProjectImpact } from "./impact.ts";
export { getProjectStatistics } from "./statistics.ts";
