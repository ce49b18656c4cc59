/** `deno task rebuild-rollups`: dates the metrics in ORG_TIMEZONE and recounts every roll-up. Stop the service before. */
import { loadMigrations, migrateUp } from "../../db/migrate.ts";
import { openDatabase, patiently } from "../adapters/database.ts";
import { environmentConfig } from "../adapters/environment.ts";
import { randomIds } from "../adapters/random_ids.ts";
import { systemClock } from "../adapters/system_clock.ts";
import { runCommand, terminal } from "../adapters/terminal.ts";
import { rebuildRollups } from "./mod.ts";

await runCommand(async () => {
  const config = environmentConfig();
  const surprises = { random: randomIds(systemClock).random, sleep: systemClock.sleep };
  const db = await openDatabase(config, surprises);
  try {
    const { from, to } = await patiently(db, config, surprises, async (slow) => {
      await migrateUp(slow, await loadMigrations());
      return await rebuildRollups({ db: slow, config });
    });
    terminal.print(
      from === to ? `Recounted; the days are those of ${to}.` : `Moved from ${from} to ${to} and recounted.`,
    );
  } finally {
    await db.close();
  }
});
