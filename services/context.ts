import type { Database, Db } from "../db/client.ts";
import type { Config } from "./config.ts";
import type { Clock } from "./ports/clock.ts";
import type { Heavy } from "./ports/heavy.ts";
import type { Ids } from "./ports/ids.ts";
import type { Log } from "./ports/log.ts";
import type { Runs } from "./ports/runs.ts";

/** Whatever could surprise a test comes in through here. A verb asks for the parts it needs. */
export type Ctx = {
  db: Db;
  clock: Clock;
  ids: Ids;
  log: Log;
  config: Config;
  runs: Runs;
  /** What would hold the event loop for long is computed beside it. */
  heavy: Heavy;
  /** Which engine is behind `db`. */
  engine: Database["kind"];
};

/** The parts of the context that a verb uses. */
export type Needs<Part extends keyof Ctx> = Pick<Ctx, Part>;
