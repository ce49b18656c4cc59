import { deepStrictEqual as equal, throws } from "node:assert/strict";
import { parseJobsCommand } from "../../jobs/cli.ts";
import { wakeEveryMinute } from "../../jobs/scheduler.ts";

type Registration = [name: string, schedule: string, options: unknown, handler: () => void];

/** Puts something in the place of `Deno.cron`, which may be absent, for the time of a test. */
function withCron(cron: ((...registration: Registration) => Promise<void>) | undefined, test: () => void): void {
  const before = Object.getOwnPropertyDescriptor(Deno, "cron");
  Object.defineProperty(Deno, "cron", { value: cron, configurable: true });
  try {
    test();
  } finally {
    if (before === undefined) Reflect.deleteProperty(Deno, "cron");
    else Object.defineProperty(Deno, "cron", before);
  }
}

Deno.test("the scheduler asks for a wake-up every minute, once, without retries, and its handler never throws", () => {
  const made: Registration[] = [];
  withCron((...registration) => Promise.resolve(void made.push(registration)), () => {
    let woken = 0;
    wakeEveryMinute(() => {
      woken++;
      throw new Error("not awake");
    });
    equal(made.map(([name, schedule, options]) => [name, schedule, options]), [
      ["scheduler-tick", "* * * * *", { backoffSchedule: [] }],
    ]);
    made[0]?.[3]();
    equal(woken, 1);
  });
});

Deno.test("without Deno.cron the scheduler does nothing, and says nothing", () => {
  withCron(undefined, () => wakeEveryMinute(() => {}));
});

Deno.test("the command line of jobs is understood, or explained", () => {
  const id = "123e4567-e89b-12d3-a456-426614174000";
  equal(parseJobsCommand(["list"]), { verb: "list" });
  equal(parseJobsCommand(["run", id]), { verb: "run", id });
  for (const wrong of [[], ["run"], ["run", "x"], ["tick", "now"], ["run", id, "twice"], ["stop"]]) {
    throws(() => parseJobsCommand(wrong), /Usage:\n {2}deno task jobs list/);
  }
});
