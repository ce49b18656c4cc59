import { register } from "../support/app.ts";
import { postgresFixture } from "../support/database.ts";
import { dataSyncCases } from "./cases/data_sync.ts";
import { handlersCases } from "./cases/handlers.ts";
import { ledgerCases } from "./cases/ledger.ts";
import { registerWorkers, workersCases } from "./cases/workers.ts";

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
  register(fixture, { ...ledgerCases, ...dataSyncCases, ...handlersCases });
  registerWorkers(workers, workersCases);
}
