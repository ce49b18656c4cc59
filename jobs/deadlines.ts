import type { Clock } from "../services/ports/clock.ts";

/** What happens when the time of something is up. */
export type Deadlines = {
  /** Calls `over` after so many milliseconds, unless what it returns was called before. */
  after(ms: number, over: () => void): () => void;
};

type Deadline = { at: number; over: () => void };

/** Many deadlines over one wait: a wait for each of hundreds of short runs would cost more than the runs. */
export function createDeadlines(clock: Pick<Clock, "monotonic" | "sleep">): Deadlines {
  const open = new Set<Deadline>();
  let armed: { at: number; wait: AbortController } | null = null;

  const disarm = () => {
    armed?.wait.abort("disarmed");
    armed = null;
  };
  const arm = (at: number) => {
    disarm();
    const own = armed = { at, wait: new AbortController() };
    clock.sleep(at - clock.monotonic(), own.wait.signal).then(() => {
      if (armed === own) ring();
    });
  };
  const ring = () => {
    armed = null;
    const now = clock.monotonic();
    const due = [...open].filter(({ at }) => at <= now);
    for (const deadline of due) open.delete(deadline);
    if (open.size > 0) arm(Math.min(...[...open].map(({ at }) => at)));
    for (const { over } of due) over();
  };

  return {
    after(ms, over) {
      const deadline = { at: clock.monotonic() + ms, over };
      open.add(deadline);
      if (armed === null || deadline.at < armed.at) arm(deadline.at);
      return () => {
        if (open.delete(deadline) && open.size === 0) disarm();
      };
    },
  };
}
