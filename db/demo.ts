/**
 * `deno task demo`: fills the database with the story of one charity, from 2024 to yesterday. Running it again adds
 * nothing twice.
 */
import { LOCAL_USER } from "../services/access.ts";
import { systemClock } from "../services/adapters/system_clock.ts";
import { openDatabase } from "../services/adapters/database.ts";
import { environmentConfig } from "../services/adapters/environment.ts";
import { jsonLog } from "../services/adapters/json_log.ts";
import { randomIds } from "../services/adapters/random_ids.ts";
import { runCommand, terminal } from "../services/adapters/terminal.ts";
import { ingestMetrics } from "../services/metrics/mod.ts";
import type { Needs } from "../services/context.ts";
import { addDays } from "../services/days.ts";
import { createGoal, evaluateGoals, updateGoalProgress } from "../services/goals/mod.ts";
import { retellGoal } from "../services/goals/retell.ts";
import { settleTimeZone } from "../services/settings/mod.ts";
import { tidy } from "../services/upkeep/mod.ts";
import { type DemoGoal, demoGoals, hadGoal, predateGoal } from "./demo/goals.ts";
import { demoMetrics } from "./demo/mod.ts";
import { insertGoalReadings } from "./goal_readings.ts";
import { loadMigrations, migrateUp } from "./migrate.ts";
import { localToday } from "./today.ts";

const FIRST_DAY = "2024-01-01";
const BATCH_ROWS = 5_000;
const LOCAL = { kind: "local" } as const;

await runCommand(async () => {
  const config = environmentConfig();
  const ids = randomIds(systemClock);
  const db = await openDatabase(config, { random: ids.random, sleep: systemClock.sleep });
  try {
    await migrateUp(db, await loadMigrations());
    await settleTimeZone({ db, config });
    const ctx = { db, ids, config, log: jsonLog(config.LOG_LEVEL, systemClock) };
    const today = await localToday(db, config.ORG_TIMEZONE);
    const yesterday = addDays(today, -1); // today would still be growing
    const told = { accepted: 0, duplicates: 0 };
    for (const rows of batches(demoMetrics(FIRST_DAY, yesterday))) {
      const { accepted, duplicates, updated, rejected } = await ingestMetrics(ctx, LOCAL, rows);
      if (rejected[0] !== undefined) throw new Error(`A demo row was rejected: ${JSON.stringify(rejected[0])}`);
      told.accepted += accepted;
      told.duplicates += duplicates + updated;
      terminal.print(`${rows.at(-1)?.date}  ${told.accepted} rows stored`);
    }
    await tidy({ db, engine: db.kind });
    for (const goal of demoGoals(today)) await tellGoal(ctx, goal);
    await evaluateGoals(ctx);
    terminal.print(
      told.accepted === 0
        ? "The demo data was there already."
        : `${told.accepted} rows of a charity's metrics, from ${FIRST_DAY} to yesterday, and its goals. ` +
          "Now: deno task start",
    );
  } finally {
    await db.close();
  }
});

/** Makes a goal with the readings it would have by now, unless it was there before. */
async function tellGoal(ctx: Needs<"db" | "ids" | "config">, { id, said, readings }: DemoGoal): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    if (await hadGoal(tx, id)) return;
    const own = { ...ctx, db: tx, ids: { ...ctx.ids, uuid: () => id } };
    await createGoal(own, LOCAL, said);
    await predateGoal(tx, id);
    await retellGoal(own, id);
    const [last, ...earlier] = readings.toReversed();
    const progress = (value: number) => 100 * value / said.target_value;
    await insertGoalReadings(
      tx,
      earlier.map(([date, value]) => ({
        ...{ goal_id: id, value, progress_percentage: progress(value), source: "manual", recorded_by: LOCAL_USER },
        recorded_at: `${date}T15:00:00Z`,
      })),
    );
    if (last !== undefined) await updateGoalProgress(own, LOCAL, id, { current_value: last[1] });
  });
}

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
