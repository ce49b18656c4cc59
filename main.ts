/** The composition root: configuration, database, context, runner, app, server, and the way down again. */
import { loadMigrations, migrateUp } from "./db/migrate.ts";
import { createRegistry } from "./jobs/handlers.ts";
import { createRunner, type Runner } from "./jobs/runner.ts";
import { followLedger, wakeEveryMinute } from "./jobs/scheduler.ts";
import { createApp } from "./routes/app.ts";
import { createDoor } from "./routes/door.ts";
import { metricLane } from "./routes/metrics.ts";
import { serve } from "./routes/serve.ts";
import { openDatabase, patiently } from "./services/adapters/database.ts";
import { environmentConfig } from "./services/adapters/environment.ts";
import { jsonLog } from "./services/adapters/json_log.ts";
import { jwksFrom } from "./services/adapters/jwks.ts";
import { guardedFetch } from "./services/adapters/guarded_fetch.ts";
import { randomIds } from "./services/adapters/random_ids.ts";
import { systemClock as clock } from "./services/adapters/system_clock.ts";
import { runCommand, stopSignal, terminal } from "./services/adapters/terminal.ts";
import { vitalsOf } from "./services/adapters/vitals.ts";
import { WorkerHeavy } from "./services/adapters/worker_heavy.ts";
import { ensureHousekeeping } from "./services/jobs/housekeeping.ts";
import { createAuthenticator } from "./services/keys/mod.ts";
import { banner, settleTimeZone } from "./services/settings/mod.ts";
import { keepTidy } from "./services/upkeep/mod.ts";

/** How long a load balancer may take to see that we stop, and what all of the stopping may take before we are killed. */
const [NOTICE_MS, DRAIN_MS] = [1_000, 4_500];
let runner: Runner | undefined;
wakeEveryMinute(() => runner?.wake()); // at the top level and before serving: Deno Deploy finds it nowhere else

await runCommand(async () => {
  const config = environmentConfig();
  const ids = randomIds(clock);
  const log = jsonLog(config.LOG_LEVEL, clock);
  const surprises = { random: ids.random, sleep: clock.sleep };
  const db = await openDatabase(config, surprises);
  const migrations = await loadMigrations();
  if (config.MIGRATE_ON_START) await patiently(db, config, surprises, (slow) => migrateUp(slow, migrations));
  await settleTimeZone({ db, config });
  await ensureHousekeeping({ db, ids, config });
  const heavy = new WorkerHeavy(clock);
  const parts = { db, clock, ids, log, config, engine: db.kind, heavy };
  const own = runner = createRunner(
    { ...parts, db: db.ledger.ends, looks: db.ledger.looks },
    createRegistry(parts, guardedFetch(parts)),
  );
  const ctx = { ...parts, runs: own };
  const drain = new AbortController();
  const vitals = vitalsOf(ctx, migrations, drain.signal);
  const authenticate = createAuthenticator(ctx, jwksFrom(config, clock));
  const server = serve(config, createDoor(createApp(ctx, vitals), ctx, authenticate, metricLane(ctx)));
  own.start();
  terminal.print(await banner(ctx, server.origin));

  const upkeep = Promise.all([keepTidy(ctx, drain.signal), followLedger(ctx, db.listen, drain.signal)]);
  await stopSignal();
  drain.abort();
  const quiet = Promise.all([own.stop(), upkeep, clock.sleep(config.HOST === undefined ? 0 : NOTICE_MS)]);
  await Promise.race([quiet.then(() => server.shutdown()), clock.sleep(DRAIN_MS)]);
  heavy.stop();
  await db.close();
  log.flush();
});
