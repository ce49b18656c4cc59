import { register } from "../support/app.ts";
import { postgresFixture } from "../support/database.ts";
import { allCases } from "./cases/mod.ts";

const server = Deno.env.get("DATABASE_URL");
if (server === undefined) {
  Deno.test("the API on Postgres: skipped, DATABASE_URL is not set", { ignore: true }, () => {});
} else {
  const fixture = await postgresFixture(server, "analytics_test_api");
  Deno.test.afterAll(() => fixture.close());
  register(fixture, allCases);
}
