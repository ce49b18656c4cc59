/** `deno task demo`: fills the database with the story of one charity, from 2024 to yesterday. Running it again adds nothing twice. */
import { systemClock } from "../services/adapters/system_clock.ts";
import { openDatabase } from "../services/adapters/database.ts";
import { environmentConfig } from "../services/adapters/environment.ts";
import { randomIds } from "../services/adapters/random_ids.ts";
import { runCommand, terminal } from "../services/adapters/terminal.ts";
import { ingestMetrics } from "../services/metrics/mod.ts";
import { addDays } from "../services/days.ts";
import { settleTimeZone } from "../services/settings/mod.ts";
import { tidy } from "../services/upkeep/mod.ts";
import { demoMetrics } from "./demo/mod.ts";
import { loadMigrations, migrateUp } from "./migrate.ts";
import { localToday } from "./today.ts";

const FIRST_DAY = "2024-01-01";
const BATCH_ROWS = 5_000;

await runCommand(async () => {
  const config = environmentConfig();
  const ids = randomIds(systemClock);
  const db = await openDatabase(config, { random: ids.random, sleep: systemClock.sleep });
  try {
    await migrateUp(db, await loadMigrations());
    await settleTimeZone({ db, config });
    const ctx = { db, ids, config };
    const yesterday = addDays(await localToday(db, config.ORG_TIMEZONE), -1); // today would still be growing
    const told = { accepted: 0, duplicates: 0 };
    for (const rows of batches(demoMetrics(FIRST_DAY, yesterday))) {
      const { accepted, duplicates, updated, rejected } = await ingestMetrics(ctx, { kind: "local" }, rows);
      if (rejected[0] !== undefined) throw new Error(`A demo row was rejected: ${JSON.stringify(rejected[0])}`);
      told.accepted += accepted;
      told.duplicates += duplicates + updated;
      terminal.print(`${rows.at(-1)?.date}  ${told.accepted} rows stored`);
    }
    await tidy({ db, engine: db.kind });
    terminal.print(
      told.accepted === 0
        ? "The demo data was there already."
        : `${told.accepted} rows of a charity's metrics, from ${FIRST_DAY} to yesterday. Now: deno task start`,
    );
  } finally {
    await db.close();
  }
});

/** Days gathered to batches. */
function* batches<Row extends { date: string }>(days: Iterable<Row[]>): Generator<Row[]> {
  let batch: Row[] = [];
  for (const day of days) {
    batch.push(...day);
    if (batch.length < BATCH_ROWS) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
