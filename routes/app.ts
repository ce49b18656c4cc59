import { NUMBERS } from "../services/analytics/figures.ts";
import type { Ctx } from "../services/context.ts";
import type { Vitals } from "../services/ports/vitals.ts";
import { advancedRoutes } from "./advanced.ts";
import { calculationRoutes } from "./calculations.ts";
import { comparisonRoutes } from "./comparisons.ts";
import { dashboardRoutes } from "./dashboards.ts";
import { dataSyncRoutes } from "./data_syncs.ts";
import { exampleRoutes } from "./examples.ts";
import { goalForecastRoutes } from "./goal_forecasts.ts";
import { goalHistoryRoutes } from "./goal_history.ts";
import { goalRoutes } from "./goals.ts";
import { healthRoutes } from "./health.ts";
import { type App, router } from "./kit.ts";
import { jobRoutes } from "./jobs.ts";
import { jobScheduleRoutes } from "./job_schedule.ts";
import { keyRoutes } from "./keys.ts";
import { metricAnalyticsRoutes } from "./metric_analytics.ts";
import { metricCatalogRoutes } from "./metric_catalog.ts";
import { metricSummaryRoutes } from "./metric_summaries.ts";
import { metricRoutes } from "./metrics.ts";
import { notificationAnalyticsRoutes } from "./notification_analytics.ts";
import { documentRoutes } from "./openapi.ts";
import { partnerAnalyticsRoutes } from "./partner_analytics.ts";
import { projectAnalyticsRoutes } from "./project_analytics.ts";
import { reportRoutes } from "./reports.ts";
import { runRoutes } from "./runs.ts";
import { socialMediaAnalyticsRoutes } from "./social_media_analytics.ts";
import { type At, problem, toProblem } from "./problem.ts";

/** Every route of the service, as a table of contents. */
export function createApp(ctx: Ctx, vitals: Vitals): App {
  const app = router();
  // Before any endpoint: the first use of a named schema would give it that use's description.
  for (const [name, schema] of Object.entries(NUMBERS)) app.openAPIRegistry.register(name, schema);
  healthRoutes(app, ctx, vitals);
  exampleRoutes(app);
  metricAnalyticsRoutes(app, ctx); // these three before metrics, whose ids would match their names too
  metricSummaryRoutes(app, ctx);
  metricCatalogRoutes(app, ctx);
  metricRoutes(app, ctx);
  dashboardRoutes(app, ctx);
  dataSyncRoutes(app, ctx);
  partnerAnalyticsRoutes(app, ctx);
  projectAnalyticsRoutes(app, ctx);
  socialMediaAnalyticsRoutes(app, ctx);
  notificationAnalyticsRoutes(app, ctx);
  reportRoutes(app, ctx);
  goalForecastRoutes(app, ctx); // before goals, whose ids would match "forecast" too
  goalRoutes(app, ctx);
  goalHistoryRoutes(app, ctx);
  jobScheduleRoutes(app, ctx); // before jobs, whose ids would match "preview" too
  jobRoutes(app, ctx);
  runRoutes(app, ctx);
  advancedRoutes(app, ctx);
  calculationRoutes(app, ctx);
  comparisonRoutes(app, ctx);
  keyRoutes(app, ctx);
  documentRoutes(app);

  app.onError((error, c) => {
    const at = place(c.req.path, c.env.request_id);
    return toProblem(error, at, (cause) => ctx.log.error("request failed", { ...at, cause }));
  });
  app.notFound((c) => {
    const at = place(c.req.path, c.env.request_id);
    const allowed = methodsFor(app, c.req.path);
    if (allowed.length === 0) return problem("no_route", "There is no such route; /openapi.json lists them all", at);
    const allow = allowed.join(", ");
    return problem("method", `This route knows ${allow}`, at, { headers: { allow } });
  });
  return app;
}

const place = (instance: string, request_id: string): At => ({ request_id, instance });

/** The methods under which a path is served. */
function methodsFor(app: App, path: string): string[] {
  const steps = path.replace(/\/+$/, "").split("/");
  const methods = new Set<string>();
  for (const route of app.routes) {
    if (route.method === "ALL") continue;
    const pattern = route.path.replace(/\/+$/, "").split("/");
    if (pattern.length !== steps.length || !pattern.every((part, i) => part.startsWith(":") || part === steps[i])) {
      continue;
    }
    methods.add(route.method);
    if (route.method === "GET") methods.add("HEAD");
  }
  return [...methods].sort();
}
