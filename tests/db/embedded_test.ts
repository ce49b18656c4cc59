import { migrationCases } from "./cases/migrations.ts";
import { rollupCases } from "./cases/rollups.ts";
import { schemaCases } from "./cases/schema.ts";
import { embeddedEngine, register } from "./engine.ts";

const engine = await embeddedEngine();
Deno.test.afterAll(() => engine.close());

register(engine, migrationCases);
register(engine, schemaCases);
register(engine, rollupCases);
