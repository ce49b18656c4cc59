import { advancedCases } from "./advanced.ts";
import { baseCases } from "./base.ts";
import { dataSyncsCases } from "./data_syncs.ts";
import { examplesCases } from "./examples.ts";
import { goalsCases } from "./goals.ts";
import { jobScheduleCases } from "./job_schedule.ts";
import { jobsCases } from "./jobs.ts";
import { keysCases } from "./keys.ts";
import { metricsCases } from "./metrics.ts";
import { reportsCases } from "./reports.ts";

/** Every case of the HTTP interface; both engines run all of them. */
export const allCases = {
  ...baseCases,
  ...examplesCases,
  ...keysCases,
  ...metricsCases,
  ...dataSyncsCases,
  ...goalsCases,
  ...advancedCases,
  ...reportsCases,
  ...jobsCases,
  ...jobScheduleCases,
};
