import "../support/idle_timer.ts";
import { register } from "../support/app.ts";
import { embeddedFixture } from "../support/database.ts";
import { dataSyncCases } from "./cases/data_sync.ts";
import { handlersCases } from "./cases/handlers.ts";
import { ledgerCases } from "./cases/ledger.ts";

const fixture = await embeddedFixture();
Deno.test.afterAll(() => fixture.close());

register(fixture, { ...ledgerCases, ...dataSyncCases, ...handlersCases });
