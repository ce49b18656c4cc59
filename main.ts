/** The composition root: configuration, database, context, runner, app, server, and the way down again. */
import { loadMigrations, migrateUp, pendingMigrations } from "./db/migrate.ts";
import { createRegistry } from "./jobs/handlers.ts";
import { createRunner, type Runner } from "./jobs/runner.ts";
import { wakeEveryMinute } from "./jobs/scheduler.ts";
import { createApp } from "./routes/app.ts";
import { createDoor } from "./routes/door.ts";
import { metricLane } from "./routes/metrics.ts";
import { serve } from "./routes/serve.ts";
import { openDatabase, patiently } from "./services/adapters/database.ts";
import { environmentConfig } from "./services/adapters/environment.ts";
import { jsonLog } from "./services/adapters/json_log.ts";
import { jwksFrom } from "./services/adapters/jwks.ts";
import { httpFetch } from "./services/adapters/http_fetch.ts";
import { randomIds } from "./services/adapters/random_ids.ts";
import { systemClock as clock } from "./services/adapters/system_clock.ts";
import { runCommand, stopSignal, terminal } from "./services/adapters/terminal.ts";
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

  const parts = { db, clock, ids, log, config, engine: db.kind };
  const own = runner = createRunner(parts, createRegistry(parts, httpFetch));
  const ctx = { ...parts, runs: own };
  const [began, drain] = [clock.monotonic(), new AbortController()];
  const vitals = {
    uptimeSeconds: () => (clock.monotonic() - began) / 1000,
    draining: () => drain.signal.aborted,
    secondsSinceTick: () => own.secondsSinceLook(),
    pendingMigrations: () => pendingMigrations(db, migrations),
  };
  const authenticate = createAuthenticator(ctx, jwksFrom(config, clock));
  const server = serve(config, createDoor(createApp(ctx, vitals), ctx, authenticate, metricLane(ctx)));
  own.start();
  terminal.print(await banner(ctx, server.origin));

  const upkeep = keepTidy(ctx, drain.signal);
  await stopSignal();
  drain.abort();
  const quiet = Promise.all([own.stop(), upkeep, clock.sleep(config.HOST === undefined ? 0 : NOTICE_MS)]);
  await Promise.race([quiet.then(() => server.shutdown()), clock.sleep(DRAIN_MS)]);
  await db.close();
  log.flush();
});
