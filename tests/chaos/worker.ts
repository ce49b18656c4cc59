/**
 * One worker of the chaos: the real runner over the real database adapter, with handlers that misbehave and a process
 * clock that is wrong. It ends with whoever started it, whose pipe it reads.
 *   worker.ts NAME OFFSET_MS SEED DIARY_DIR
 * @module
 */
import type { Db } from "../../db/client.ts";
import { openPostgres } from "../../db/postgres.ts";
import { createRunner } from "../../jobs/runner.ts";
import type { Registry } from "../../jobs/registry.ts";
import { jsonLog } from "../../services/adapters/json_log.ts";
import { randomIds } from "../../services/adapters/random_ids.ts";
import { readConfig } from "../../services/config.ts";
import { LeaseLost } from "../../services/jobs/ledger.ts";
import type { RunHandler } from "../../services/ports/handlers.ts";
import { ACTS, BEHAVIOURS, effect } from "./behaviours.ts";
import { chanceOf } from "./chance.ts";
import { openDiary } from "./diary.ts";
import { LEASE_S, skewedClock } from "./time.ts";

const [name = "", offset = "0", seed = "1", dir = "."] = Deno.args;
const write = openDiary(dir, name);
const chance = chanceOf(Number(seed));
const clock = skewedClock(Number(offset));
const ids = randomIds(clock);
const log = jsonLog("error", clock);
const config = readConfig({ DATABASE_URL: Deno.env.get("DATABASE_URL"), LEASE_S: String(LEASE_S) });
const db = openPostgres(config.DATABASE_URL ?? "", { random: ids.random, sleep: clock.sleep, max: 6 });

const behaviours = new Map<string, typeof BEHAVIOURS[number]>();
async function behaviourOf(jobId: string | null) {
  const known = behaviours.get(jobId ?? "");
  if (known !== undefined) return known;
  const [job] = await db.query<{ name: string }>("select name from scheduled_jobs where id = $1", [jobId]);
  const found = BEHAVIOURS.find((word) => job?.name.startsWith(`${word} `)) ?? "instant";
  behaviours.set(jobId ?? "", found);
  return found;
}

const handler: RunHandler = {
  async run(run) {
    write({ what: "began", run: run.id, attempt: run.attempt });
    const outcome = await ACTS[await behaviourOf(run.job_id)](run, chance);
    write({ what: "done", run: run.id, attempt: run.attempt });
    return outcome;
  },
  failed: (tx, run) => effect(tx, run, "failed", null),
};
const registry: Registry = { data_sync: handler, report_generation: handler, goal_update: handler, custom: handler };

/** Tells of every transaction that the fence refused. */
const { ends, looks } = db.ledger;
const watched: Db = {
  ...ends,
  transaction: (work) =>
    ends.transaction(work).catch((error) => {
      if (error instanceof LeaseLost) write({ what: "refused", run: error.message.split(" ").at(4) ?? "", attempt: 0 });
      throw error;
    }),
};

const runner = createRunner({ db: watched, looks, clock, ids, log, config }, registry);
runner.start();
db.listen("ledger", (what) => what === "cancel" ? runner.checkCancelled() : runner.wake());

async function end(): Promise<void> {
  await runner.stop();
  await db.close();
  log.flush();
  Deno.exit(0);
}
Deno.addSignalListener("SIGTERM", end);
for await (const _ of Deno.stdin.readable); // until the other end is gone
Deno.exit(1);
