import { type Child, start } from "../bench/children.ts";

/** What happened to a process of the chaos, by the clock of this machine, which is Postgres' own. */
export type Blow = { kind: "killed" | "frozen"; process: string; from: number; until: number };

/** The workers: as many processes as there are places, each anew after its end. */
export type Fleet = {
  /** Places in which a process lives, stopped or not. */
  alive(): number[];
  /** `kill -9`, and a new process after a while. */
  kill(place: number, away_ms: number): void;
  /** SIGSTOP, and SIGCONT after a while. */
  freeze(place: number, ms: number): void;
  /** No more blows: everything thaws, and every place is filled. */
  heal(): void;
  /** Ends all of them as an operator would. */
  stop(): Promise<void>;
  blows: Blow[];
  /** Processes that ended without being told to. */
  died: string[];
};

/** Process clocks: ten minutes behind, right, ten minutes ahead, and further. Domain time, like all of theirs. */
const SKEWS_MS = [-600_000, 0, 600_000, 37_000, -86_400_000];
const WORKER = new URL("worker.ts", import.meta.url).pathname;

type Place = { child: Child; process: string; thaw: ReturnType<typeof setTimeout> | undefined; killed: boolean };

/** Starts a fleet on a database; diaries and logs go into `dir`. */
export function startFleet(url: string, { size, seed, dir }: { size: number; seed: number; dir: string }): Fleet {
  const places: (Place | null)[] = [];
  const [blows, died]: [Blow[], string[]] = [[], []];
  let [born, ending] = [0, false];

  const launch = (at: number) => {
    const process = `worker-${at}-${++born}`;
    const skew = SKEWS_MS[at % SKEWS_MS.length] ?? 0;
    const child = start(
      Deno.execPath(),
      ["run", "--quiet", "--no-check", "--allow-all", WORKER, process, String(skew), String(seed * 1_000 + born), dir],
      { env: { DATABASE_URL: url, NO_COLOR: "1" }, stdin: "piped", log: `${dir}/${process}.log` },
    );
    const place: Place = { child, process, thaw: undefined, killed: false };
    places[at] = place;
    child.process.status.then(({ code }) => {
      if (!place.killed && !ending) died.push(`${process} ended with ${code}`);
    });
  };
  const thaw = (place: Place, blow: Blow | undefined) => {
    clearTimeout(place.thaw);
    place.thaw = undefined;
    signal(place, "SIGCONT");
    if (blow !== undefined) blow.until = Date.now();
  };
  for (let at = 0; at < size; at++) launch(at);

  return {
    alive: () => [...places.keys()].filter((at) => places[at] !== null),
    kill(at, away_ms) {
      const place = places[at];
      if (place === null || place === undefined) return;
      place.killed = true;
      places[at] = null;
      clearTimeout(place.thaw);
      signal(place, "SIGKILL");
      const now = Date.now();
      for (const blow of blows) if (blow.process === place.process) blow.until = Math.min(blow.until, now);
      blows.push({ kind: "killed", process: place.process, from: now, until: now + away_ms });
      setTimeout(() => places[at] === null && !ending && launch(at), away_ms);
    },
    freeze(at, ms) {
      const place = places[at];
      if (place === null || place === undefined || place.thaw !== undefined) return;
      const blow: Blow = { kind: "frozen", process: place.process, from: Date.now(), until: Infinity };
      blows.push(blow);
      signal(place, "SIGSTOP");
      place.thaw = setTimeout(() => thaw(place, blow), ms);
    },
    heal() {
      for (const [at, place] of places.entries()) {
        if (place === null) launch(at);
        else if (place.thaw !== undefined) {
          thaw(place, blows.findLast((blow) => blow.process === place.process && blow.until === Infinity));
        }
      }
    },
    async stop() {
      ending = true;
      await Promise.all(places.map((place) => place?.child.stop()));
    },
    blows,
    died,
  };
}

function signal(place: Place, name: Deno.Signal): void {
  try {
    place.child.process.kill(name);
  } catch {
    // it is gone
  }
}
