import { register } from "../support/app.ts";
import { embeddedFixture } from "../support/database.ts";
import { baseCases } from "./cases/base.ts";

const fixture = await embeddedFixture();
Deno.test.afterAll(() => fixture.close());

register(fixture, baseCases);
