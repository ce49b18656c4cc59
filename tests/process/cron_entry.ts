/**
 * A process whose runner has no clock: it is never started, its waits never end, and only a wake-up by `Deno.cron` makes
 * it look at the ledger. It prints, as JSON, what the cron did, and gives up after 45 seconds.
 */
import { createRunner } from "../../jobs/runner.ts";
import { followJobs, wakeEveryMinute } from "../../jobs/scheduler.ts";
import { systemClock } from "../../services/adapters/system_clock.ts";
import { readConfig } from "../../services/config.ts";
import { createJob, updateJob } from "../../services/jobs/mod.ts";
import { countingIds, memoryLog, stillClock } from "../support/app.ts";
import { embeddedFixture } from "../support/database.ts";

const fired: string[] = [];
const real = Deno.cron as unknown as (
  name: string,
  schedule: string,
  options: unknown,
  handler: () => void,
) => Promise<void>; // one of its overloads
const noting: typeof real = (name, schedule, options, handler) =>
  real(name, schedule, options, () => {
    fired.push(name);
    handler();
    for (const look of looks) look();
  });
Object.defineProperty(Deno, "cron", { value: noting });

const looks = new Set<() => void>();
/** Resolves when a firing, or the look at the ledger that it led to, has made it true. */
const until = (holds: () => boolean) =>
  new Promise<void>((resolve) => {
    const look = () => {
      if (!holds()) return;
      looks.delete(look);
      resolve();
    };
    looks.add(look);
    look();
  });

const lines: string[] = [];
let rows: { fire_key: string; state: string }[] = [];
setTimeout(() => {
  console.error("gave up", rows, fired, lines);
  Deno.exit(1);
}, 45_000);

let minutes = 0;
wakeEveryMinute(() => void minutes++); // counts, and wakes nobody

const { db } = await embeddedFixture();
const config = readConfig({});
const parts = { db, clock: stillClock(), ids: countingIds(), log: memoryLog(lines), config, engine: db.kind };
const runner = createRunner(parts, { goal_update: { run: () => Promise.resolve({ result: null }) } });

let looking: Promise<void> = Promise.resolve();
const wake = () => {
  looking = looking.then(async () => {
    await runner.tick();
    rows = await db.query("select fire_key, state from ops.job_runs order by scheduled_for");
    for (const look of looks) look();
  });
};
const setNow = (at: string) => db.query("update ops.test_clock set at = $1::timestamptz", [at]);
const count = (part: string) => fired.filter((name) => name.includes(part)).length;

const end = new AbortController();
const caller = { kind: "local" } as const;
const job = await createJob(parts, caller, {
  name: "Minutely",
  job_type: "goal_update",
  schedule: "* * * * *",
  config: {},
});
const followed = followJobs({ ...parts, clock: systemClock, runs: { wake } }, end.signal);
await until(() => count("-r1-") >= 2 && minutes >= 2);
await looking;
const before = rows;

await setNow("2025-12-24T12:01:00.5Z");
await until(() => rows.some(({ state }) => state === "succeeded"));
const first = rows;

await updateJob(parts, caller, job.id, { changes: { name: "Renamed" }, expected: null });
followed.sync();
await until(() => count("-r2-") >= 1);
const [old, anew] = [count("-r1-"), count("-r2-")];
await setNow("2025-12-24T12:02:00.5Z");
await until(() => rows.length === 2 && count("-r2-") >= anew + 5);
const doubled = count("-r1-") - old;

end.abort();
await followed.done;
await looking;
console.log(JSON.stringify({
  before,
  first,
  last: rows,
  doubled,
  names: [...new Set(fired)].filter((name) => name !== "scheduler-tick").map((name) => name.replace(job.id, "ID")),
  lines,
}));
Deno.exit(0);
