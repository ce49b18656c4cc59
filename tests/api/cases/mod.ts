import { advancedCases } from "./advanced.ts";
import { anomaliesCases } from "./anomalies.ts";
import { backtestsCases } from "./backtests.ts";
import { baseCases } from "./base.ts";
import { calculationsCases } from "./calculations.ts";
import { comparisonsCases } from "./comparisons.ts";
import { clusteringCases } from "./clustering.ts";
import { conditionalCases } from "./conditional.ts";
import { dashboardsCases } from "./dashboards.ts";
import { dataSyncsCases } from "./data_syncs.ts";
import { examplesCases } from "./examples.ts";
import { forecastsCases } from "./forecasts.ts";
import { goalEndingsCases } from "./goal_endings.ts";
import { goalForecastsCases } from "./goal_forecasts.ts";
import { goalHistoryCases } from "./goal_history.ts";
import { goalPersonsCases } from "./goal_persons.ts";
import { goalsCases } from "./goals.ts";
import { goalSourcesCases } from "./goal_sources.ts";
import { goalUpdatesCases } from "./goal_updates.ts";
import { goalZonesCases } from "./goal_zones.ts";
import { jobScheduleCases } from "./job_schedule.ts";
import { jobsCases } from "./jobs.ts";
import { keysCases } from "./keys.ts";
import { metricsCases } from "./metrics.ts";
import { partnerAnalyticsCases } from "./partner_analytics.ts";
import { notificationAnalyticsCases } from "./notification_analytics.ts";
import { projectAnalyticsCases } from "./project_analytics.ts";
import { reportsCases } from "./reports.ts";
import { socialMediaAnalyticsCases } from "./social_media_analytics.ts";

/** Every case of the HTTP interface; both engines run all of them. */
export const allCases = {
  ...baseCases,
  ...conditionalCases,
  ...examplesCases,
  ...keysCases,
  ...metricsCases,
  ...partnerAnalyticsCases,
  ...dashboardsCases,
  ...dataSyncsCases,
  ...goalsCases,
  ...goalSourcesCases,
  ...goalUpdatesCases,
  ...goalEndingsCases,
  ...goalHistoryCases,
  ...goalForecastsCases,
  ...goalZonesCases,
  ...goalPersonsCases,
  ...advancedCases,
  ...forecastsCases,
  ...backtestsCases,
  ...calculationsCases,
  ...comparisonsCases,
  ...anomaliesCases,
  ...clusteringCases,
  ...projectAnalyticsCases,
  ...socialMediaAnalyticsCases,
  ...notificationAnalyticsCases,
  ...reportsCases,
  ...jobsCases,
  ...jobScheduleCases,
};
