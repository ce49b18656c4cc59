import { killedRunner, migrationCases } from "./cases/migrations.ts";
import { plansWithoutFullScans } from "./cases/plans.ts";
import { rollupCases } from "./cases/rollups.ts";
import { schemaCases } from "./cases/schema.ts";
import { carelessWriters, orderlyWriters } from "./cases/writers.ts";
import { postgresEngine, register } from "./engine.ts";

const server = Deno.env.get("DATABASE_URL");
if (server === undefined) {
  Deno.test("the database on Postgres: skipped, DATABASE_URL is not set", { ignore: true }, () => {});
} else {
  const engine = await postgresEngine(server);
  Deno.test.afterAll(() => engine.close());

  register(engine, migrationCases);
  register(engine, schemaCases);
  register(engine, rollupCases);
  Deno.test("a runner killed in a migration leaves nothing, and the next one completes", () => killedRunner(engine));
  Deno.test("no question reads a large table from end to end", () => engine.withUrl(plansWithoutFullScans));
  Deno.test("eight writers at once: true roll-ups and no deadlock", () => engine.withUrl(orderlyWriters));
  Deno.test("eight writers without locks: true roll-ups all the same", () => engine.withUrl(carelessWriters));
}
