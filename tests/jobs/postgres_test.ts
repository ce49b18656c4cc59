import { register } from "../support/app.ts";
import { postgresFixture } from "../support/database.ts";
import { accountsCases } from "./cases/accounts.ts";
import { apartCases } from "./cases/apart.ts";
import { claimsCases } from "./cases/claims.ts";
import { dataSyncCases } from "./cases/data_sync.ts";
import { dataSyncRaceCases } from "./cases/data_sync_race.ts";
import { dataSyncTroublesCases } from "./cases/data_sync_troubles.ts";
import { endingsCases } from "./cases/endings.ts";
import { fencesCases } from "./cases/fences.ts";
import { forecastWarmupCases } from "./cases/forecast_warmup.ts";
import { goalAlertsCases } from "./cases/goal_alerts.ts";
import { goalFeedsCases } from "./cases/goal_feeds.ts";
import { goalRaceCases } from "./cases/goal_races.ts";
import { handlersCases } from "./cases/handlers.ts";
import { ledgerCases } from "./cases/ledger.ts";
import { reportCleanupCases } from "./cases/report_cleanup.ts";
import { reportRenderingCases } from "./cases/report_rendering.ts";
import { retentionCases } from "./cases/retention.ts";
import { retentionRaceCases } from "./cases/retention_race.ts";
import { webhookCases } from "./cases/webhook.ts";
import { registerWorkers, workersCases } from "./cases/workers.ts";
import { simCases } from "./sim/slice.ts";

const server = Deno.env.get("DATABASE_URL");
if (server === undefined) {
  Deno.test("the ledger on Postgres: skipped, DATABASE_URL is not set", { ignore: true }, () => {});
} else {
  const fixture = await postgresFixture(server, "analytics_test_jobs");
  const workers = await postgresFixture(server, "analytics_test_workers");
  Deno.test.afterAll(async () => {
    await fixture.close();
    await workers.close();
  });
  register(fixture, {
    ...ledgerCases,
    ...accountsCases,
    ...claimsCases,
    ...fencesCases,
    ...simCases,
    ...endingsCases,
    ...dataSyncCases,
    ...dataSyncTroublesCases,
    ...handlersCases,
    ...goalFeedsCases,
    ...goalAlertsCases,
    ...webhookCases,
    ...retentionCases,
    ...reportCleanupCases,
    ...reportRenderingCases,
    ...forecastWarmupCases,
  });
  registerWorkers(workers, {
    ...workersCases,
    ...apartCases,
    ...retentionRaceCases,
    ...dataSyncRaceCases,
    ...goalRaceCases,
  });
}
