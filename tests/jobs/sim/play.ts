import type { Db } from "../../../db/client.ts";
import { audit, type Step } from "./audit.ts";
import { drawing } from "./clock.ts";
import { create } from "./console.ts";
import { drain } from "./drain.ts";
import { restartIds, wrongEffects } from "./effects.ts";
import { perform, quietStep } from "./events.ts";
import type { History } from "./history.ts";
import { lineOver } from "./line.ts";
import { told as sayTime, Violation } from "./violation.ts";
import { createWorld, setNow, type World } from "./world.ts";

/** What one history came to: its events, its runs by state, and every row at the end. */
export type Played = { events: number; runs: Record<string, number>; rows: string[] };

const UNDONE = new Error("a history is undone");

/**
 * Plays a history on a prepared database and undoes it.
 * @throws {Violation} with the history's course up to there
 */
export async function play(db: Db, history: History): Promise<Played> {
  let played: Played | undefined;
  await db.transaction(async (tx): Promise<void> => {
    const world = createWorld(lineOver(tx, drawing(history.luck)), history);
    try {
      played = await course(world);
    } catch (error) {
      const why = world.line.broken() ?? (error instanceof Error ? error.message : String(error));
      throw new Violation(`${why}\n${world.trace.join("\n")}`, { cause: error });
    }
    throw UNDONE;
  }).catch((error) => {
    if (error !== UNDONE) throw error;
  });
  if (played === undefined) throw new Error("The history came to nothing");
  return played;
}

/** One in so many histories is played again by processes whose own clocks are right: the rows must be the same. */
const AGAIN = 16;

/** Plays a history, and some of them twice. @throws {Violation} */
export async function check(db: Db, history: History): Promise<Played> {
  const played = await play(db, history);
  if (history.luck % AGAIN !== 0) return played;
  const again = await play(db, { ...history, skews_ms: history.skews_ms.map(() => 0) });
  const [i, row] = [...played.rows.entries()].find(([i, row]) => row !== again.rows[i]) ?? [null, null];
  if (row !== null || again.rows.length !== played.rows.length) {
    throw new Violation(`an instance's own clock changed a row: ${row} became ${again.rows[i ?? played.rows.length]}`);
  }
  return played;
}

async function course(world: World): Promise<Played> {
  const { history, line } = world;
  await restartIds(line.db);
  await setNow(world, history.start);
  await create(world, history.job);
  await audit(world, quietStep);
  let events = 1;
  for (const event of history.events) {
    world.trace.push(`${sayTime(world.now)} ${JSON.stringify(event)}`);
    const step: Step = await perform(world, event);
    await audit(world, step);
    events++;
  }
  events += await drain(world);
  const runs = [...world.before.runs.values()];
  const wrong = await wrongEffects(line.db, runs, world.without);
  if (wrong.length > 0) throw new Violation(wrong.join("; "));
  const [told] = await line.db.query<{ n: number }>(
    "select count(*)::int as n from ops.events where kind = 'job_paused'",
  );
  if (told?.n !== world.trips) throw new Violation(`${world.trips} pauses after failures, ${told?.n} events`);
  const states: Played["runs"] = {};
  for (const { state } of runs) states[state] = (states[state] ?? 0) + 1;
  return { events, runs: states, rows: runs.map(({ whole }) => whole) };
}
