import "../support/idle_timer.ts";
import { register } from "../support/app.ts";
import { embeddedFixture } from "../support/database.ts";
import { accountsCases } from "./cases/accounts.ts";
import { claimsCases } from "./cases/claims.ts";
import { dataSyncCases } from "./cases/data_sync.ts";
import { dataSyncTroublesCases } from "./cases/data_sync_troubles.ts";
import { endingsCases } from "./cases/endings.ts";
import { fencesCases } from "./cases/fences.ts";
import { forecastWarmupCases } from "./cases/forecast_warmup.ts";
import { goalAlertsCases } from "./cases/goal_alerts.ts";
import { goalFeedsCases } from "./cases/goal_feeds.ts";
import { handlersCases } from "./cases/handlers.ts";
import { ledgerCases } from "./cases/ledger.ts";
import { reportCleanupCases } from "./cases/report_cleanup.ts";
import { reportRenderingCases } from "./cases/report_rendering.ts";
import { retentionCases } from "./cases/retention.ts";
import { webhookCases } from "./cases/webhook.ts";
import { workerHeavyCases } from "./cases/worker_heavy.ts";
import { simCases } from "./sim/slice.ts";

const fixture = await embeddedFixture();
Deno.test.afterAll(() => fixture.close());

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
  ...workerHeavyCases,
});
