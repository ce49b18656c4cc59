import { register } from "../support/app.ts";
import { embeddedFixture } from "../support/database.ts";
import { advancedCases } from "./cases/advanced.ts";
import { goalsCases } from "./cases/goals.ts";

const fixture = await embeddedFixture();
Deno.test.afterAll(() => fixture.close());

register(fixture, goalsCases);
register(fixture, advancedCases);
