/**
 * Our side of the benchmark: the real runner over the real adapters, as main.ts composes them, with a handler that does
 * nothing, or holds its run for ever. It takes words from its standard input:
 *   watch       works, and says when it looks for work again (`armed`) and when a run begins
 *   hold        works, and no run ever ends
 *   prepare N   queues so many runs
 *   go N        works until so many runs have begun, then says when the first and the last one did
 *   rest        works no more
 * @module
 */
import { openPostgres } from "../../../db/postgres.ts";
import { createRunner, type Runner } from "../../../jobs/runner.ts";
import { jsonLog } from "../../../services/adapters/json_log.ts";
import { randomIds } from "../../../services/adapters/random_ids.ts";
import { systemClock } from "../../../services/adapters/system_clock.ts";
import { environmentConfig } from "../../../services/adapters/environment.ts";
import type { Handler } from "../../../services/ports/handlers.ts";
import { instant, type Message, readLines } from "./talker.ts";

const config = environmentConfig();
const ids = randomIds(systemClock);
const log = jsonLog("error", systemClock);
const db = openPostgres(config.DATABASE_URL ?? "", {
  random: ids.random,
  sleep: systemClock.sleep,
  max: config.DATABASE_POOL,
});
const encoder = new TextEncoder();
const say = (message: Omit<Message, "at">) =>
  void Deno.stdout.writeSync(encoder.encode(`${JSON.stringify({ at: instant(), ...message })}\n`));

const nothing = Promise.resolve({ result: null });
let runner: Runner | undefined;
db.listen("ledger", (what) => what === "cancel" ? runner?.checkCancelled() : runner?.wake());

function work(run: Handler, clock = systemClock): void {
  const handler = { run };
  const registry = { data_sync: handler, report_generation: handler, goal_update: handler, custom: handler };
  runner = createRunner({ db: db.ledger.ends, looks: db.ledger.looks, clock, ids, log, config }, registry);
  runner.start();
}

function countTo(wanted: number): void {
  let [begun, first] = [0, 0];
  work(() => {
    if (++begun === 1) first = instant();
    if (begun === wanted) say({ what: "done", first, last: instant() });
    return nothing;
  });
}

async function prepare(runs: number): Promise<void> {
  await db.query(
    `insert into ops.job_runs (id, job_type, fire_key, exclusive, scheduled_for, run_at)
     select id, 'custom', 'o:' || id, false, ops.now(), ops.now()
     from (select ops.uuid7() as id from generate_series(1, $1::int)) ids`,
    [runs],
  );
}

const WORDS: Record<string, (n: number) => Promise<void> | void> = {
  watch: () =>
    work((run) => (say({ what: "began", run: run.id }), nothing), {
      ...systemClock,
      sleep: (ms, signal) => (say({ what: "armed", ms }), systemClock.sleep(ms, signal)),
    }),
  hold: () => work((run) => (say({ what: "began", run: run.id }), new Promise(() => {}))),
  prepare,
  go: countTo,
  rest: () => runner?.stop(),
};

let turn = Promise.resolve();
await readLines(Deno.stdin.readable, (line) => {
  const [word = "", n] = line.split(" ");
  turn = turn.then(() => WORDS[word]?.(Number(n))).then(() => say({ what: `${word} heard` }));
});
Deno.exit(0);
