/**
 * Importing this drops the timers that PGlite arms for its idle statistics, some seconds after a statement and again
 * and again. They do nothing for us, and Deno's sanitizers would blame the test in which one happens to begin or to fire.
 */
const setTimer = globalThis.setTimeout;

globalThis.setTimeout = new Proxy(setTimer, {
  apply(target, self, args: Parameters<typeof setTimer>) {
    if (Number(args[1]) > 0 && new Error().stack?.includes("__setitimer_js")) return undefined;
    return Reflect.apply(target, self, args);
  },
});
