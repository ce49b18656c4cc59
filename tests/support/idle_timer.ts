/**
 * Importing this drops the timer that PGlite arms for its idle statistics, ten seconds after a statement and again and
 * again. It does nothing for us, and Deno's sanitizers would blame the test in which it happens to begin or to fire.
 */
const setTimer = globalThis.setTimeout;
const SHORTEST_MS = 5_000;

globalThis.setTimeout = new Proxy(setTimer, {
  apply(target, self, args: Parameters<typeof setTimer>) {
    const long = Number(args[1]) > SHORTEST_MS;
    if (long && new Error().stack?.includes("@electric-sql/pglite")) return undefined;
    return Reflect.apply(target, self, args);
  },
});
