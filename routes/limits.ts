/** How many requests a caller may make in the running minute. */
export type Allowance = { allowed: boolean; limit: number; remaining: number; reset_s: number };

const WINDOW_MS = 60_000;
const MOST_CALLERS = 50_000;

/** Counts requests per caller in windows of a minute; one instance at a time, bounded in memory. */
export function createLimiter(): (caller: string, limit: number, nowMs: number) => Allowance {
  let windows = new Map<string, { since: number; used: number }>();
  return (caller, limit, nowMs) => {
    let own = windows.get(caller);
    if (own === undefined || nowMs - own.since >= WINDOW_MS) {
      if (windows.size >= MOST_CALLERS) windows = withoutEnded(windows, nowMs);
      own = { since: nowMs, used: 0 };
      windows.set(caller, own);
    }
    own.used++;
    return {
      allowed: own.used <= limit,
      limit,
      remaining: Math.max(0, limit - own.used),
      reset_s: Math.ceil((own.since + WINDOW_MS - nowMs) / 1000),
    };
  };
}

/** Ended windows go; if a flood of addresses keeps all of them running, all start anew. */
function withoutEnded<Window extends { since: number }>(
  windows: Map<string, Window>,
  nowMs: number,
): Map<string, Window> {
  const running = new Map([...windows].filter(([, window]) => nowMs - window.since < WINDOW_MS));
  return running.size < MOST_CALLERS ? running : new Map();
}
