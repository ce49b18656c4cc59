import { audit } from "./audit.ts";
import { change } from "./console.ts";
import { advance, quietStep } from "./events.ts";
import { isOpen } from "./snapshot.ts";
import { told, Violation } from "./violation.ts";
import { boot, look, pass, setNow, type World } from "./world.ts";

/**
 * The end of every history: schedules pause, processes are gone or frozen, one healthy process works. Everything must
 * come to its end; then those that were frozen come back, and can change nothing.
 * @returns how many events it took
 */
export async function drain(world: World): Promise<number> {
  let events = 0;
  world.draining = true;
  for (const [i, { power }] of world.instances.entries()) {
    if (world.history.luck >> i & 1) power.crash();
    else power.freeze();
  }
  for (const job of world.jobs) {
    if (!job.active) continue;
    await audit(world, { ...quietStep, change: await change(world, job, { is_active: false }) });
    events++;
  }
  world.stale.clear();
  const worker = boot(world, world.history.skews_ms[0] ?? 0);
  const open = () => [...world.before.runs.values()].filter(isOpen);
  const limit = 10 + open().reduce((sum, { max_attempts }) => sum + 2 * max_attempts, 0);
  for (let round = 0;; round++) {
    world.trace.push(`${told(world.now)} drain`);
    look(world, worker);
    await world.line.quiet();
    await audit(world, { ...quietStep, looked: [worker] });
    events++;
    const waiting = open();
    if (waiting.length === 0) break;
    if (round === limit) throw new Violation(`does not drain: ${waiting.map(({ whole }) => whole).join(" ")}`);
    const times = waiting.map(({ run_at, lease_until }) => lease_until === null ? run_at : lease_until + 1);
    const next = Math.ceil(Math.min(...times.filter((at) => at > world.now))); // a backoff may end between milliseconds
    if (next === Infinity) throw new Violation(`waits for nothing: ${waiting.map(({ whole }) => whole).join(" ")}`);
    const ms = next - world.now;
    await setNow(world, next);
    pass(worker, ms);
  }
  return events + await zombies(world);
}

async function zombies(world: World): Promise<number> {
  for (const instance of world.instances) {
    instance.power.unstall();
    if (instance.power.state() !== "frozen") continue;
    instance.power.thaw();
    pass(instance, 0);
  }
  await world.line.quiet();
  for (const { release } of [...world.held]) release();
  await world.line.quiet();
  await advance(world, world.now + 10_000, "fire");
  await audit(world, quietStep);
  return 1;
}
