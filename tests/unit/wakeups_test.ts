import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import fc from "fast-check";
import { MOST_EVER, MOST_REGISTERED, reconcile, type Registration } from "../../services/jobs/wakeups.ts";

type Row = Parameters<typeof reconcile>[1][number];

const SEED = 20_261_124;
const uuid = (n: number) => `00000000-0000-4000-8000-${n.toString().padStart(12, "0")}`;
const row = (n: number, more: Partial<Row> = {}): Row => ({
  id: uuid(n),
  revision: 1,
  schedule: "* * * * *",
  timezone: "UTC",
  ...more,
});
const names = (registrations: readonly Registration[]) => registrations.map(({ name }) => name);

Deno.test("a job gets a name of its own per revision, in words that Deno.cron understands", () => {
  const { add, close, next } = reconcile([], [row(1, { revision: 7, schedule: "*/30 8 * * 1-5" }), row(2)], 0);
  equal(add.map(({ name, schedule }) => [name, schedule]), [
    [`job-${uuid(1)}-r7-0`, "0,30 8 * * MON-FRI"],
    [`job-${uuid(2)}-r1-1`, "* * * * *"],
  ]);
  equal([close, next], [[], 2]);
});

Deno.test("jobs of other zones, and schedules that are none, get no wake-up of their own", () => {
  const wall = ["Europe/London", "Etc/GMT+1", "Africa/Abidjan"].map((timezone, i) => row(i, { timezone }));
  const never = ["0 0 31 2 *", "", "? * * * *"].map((schedule, i) => row(10 + i, { schedule }));
  const utc = ["utc", "Etc/UTC", "GMT", "Zulu", "etc/gmt-0"].map((timezone, i) => row(20 + i, { timezone }));
  equal(reconcile([], [...wall, ...never, ...utc], 0).add.map(({ job_id }) => job_id), utc.map(({ id }) => id));
});

Deno.test("when the numbers of a process are used up, what stands stays and nothing is added", () => {
  const { add: [stands], next } = reconcile([], [row(1)], MOST_EVER - 1);
  ok(stands !== undefined);
  equal(reconcile([stands], [row(1), row(2)], next), { add: [], close: [], next: MOST_EVER });
  equal(names(reconcile([stands], [row(2)], next).close), [stands.name]);
});

/** Tables as edits leave them: jobs come, go, change their revision and their place in the order. */
const tables = fc.array(
  fc.uniqueArray(
    fc.record({
      id: fc.integer({ min: 1, max: 130 }).map(uuid),
      revision: fc.constantFrom(1, 2, 2_147_483_647),
      schedule: fc.constantFrom("* * * * *", "@daily", "0 0 29 2 *", "0 0 30 2 *", "5 4 * * 7", "not one"),
      timezone: fc.constantFrom("UTC", "etc/utc", "GMT", "Europe/Berlin", "Etc/GMT-5"),
    }),
    { selector: ({ id }) => id, maxLength: 130 },
  ),
  { maxLength: 12 },
);

Deno.test("after any edits the wake-ups are those of the soonest jobs, each under a name that was never used", () => {
  const sayable = new Set(["* * * * *", "@daily", "0 0 29 2 *", "5 4 * * 7"]);
  fc.assert(
    fc.property(tables, (history) => {
      let registered: Registration[] = [];
      let next = 0;
      const used = new Set<string>();
      for (const rows of history) {
        const plan = reconcile(registered, rows, next);
        next = plan.next;
        for (const { name } of plan.add) {
          ok(!used.has(name), `${name} was used before`);
          match(name, /^[A-Za-z0-9_-]{1,64}$/);
          used.add(name);
        }
        const closed = new Set(plan.close);
        ok(plan.close.every((each) => registered.includes(each)));
        registered = [...registered.filter((each) => !closed.has(each)), ...plan.add];

        const wanted = rows.filter(({ schedule, timezone }) =>
          sayable.has(schedule) && /^(etc\/utc|utc|gmt)$/i.test(timezone)
        )
          .slice(0, MOST_REGISTERED).map(({ id, revision }) => `${id} ${revision}`).sort();
        equal(registered.map(({ job_id, revision }) => `${job_id} ${revision}`).sort(), wanted);
        equal(reconcile(registered, rows, next), { add: [], close: [], next });
      }
    }),
    { seed: SEED, numRuns: 300 },
  );
});

Deno.test("the longest name that can come about is one that Deno.cron takes", () => {
  const [longest] = reconcile([], [row(1, { revision: 2_147_483_647 })], MOST_EVER - 1).add;
  ok(longest !== undefined && longest.name.length <= 64, longest?.name);
});
