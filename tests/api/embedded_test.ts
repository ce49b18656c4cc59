import { register } from "../support/app.ts";
import { embeddedFixture } from "../support/database.ts";
import { allCases } from "./cases/mod.ts";

const fixture = await embeddedFixture();
Deno.test.afterAll(() => fixture.close());

register(fixture, allCases);
