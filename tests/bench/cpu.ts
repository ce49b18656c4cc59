/** Nanoseconds of CPU time by thread, as the operating system counts them. */
export type Usage = ReadonlyMap<string, number>;

const TICK_NS = 10_000_000; // Linux reports user time in hundredths of a second on every architecture

/** What the threads of some processes have used so far, and their children that have ended. */
export function usage(pids: readonly number[]): Usage {
  const used = new Map<string, number>();
  for (const pid of pids) {
    for (const thread of threads(pid)) {
      const ns = nanoseconds(`/proc/${pid}/task/${thread}`);
      if (ns !== null) used.set(`${pid}/${thread}`, ns);
    }
    const fields = statFields(read(`/proc/${pid}/stat`));
    if (fields !== null) used.set(`${pid}/ended children`, (Number(fields[13]) + Number(fields[14])) * TICK_NS);
  }
  return used;
}

/**
 * Milliseconds of CPU time between two looks at the same processes. All that a process used moves to its parent when it
 * ends, so what was known of it is taken off again; what a thread used just before it ended is lost.
 */
export function spentMs(before: Usage, after: Usage): number {
  const alive = new Set([...after.keys()].map(processOf));
  let ns = 0;
  for (const [thread, used] of after) ns += used - (before.get(thread) ?? 0);
  for (const [thread, used] of before) if (!alive.has(processOf(thread))) ns -= used;
  return ns / 1e6;
}

const processOf = (thread: string) => thread.slice(0, thread.indexOf("/"));

/** A Postgres cluster's processes: the postmaster that owns a backend, and all its children. */
export function clusterOf(backendPid: number): () => number[] {
  const postmaster = parentOf(backendPid);
  const name = postmaster === null ? null : read(`/proc/${postmaster}/comm`)?.trim();
  if (postmaster === null || !/^(postgres|postmaster)$/.test(name ?? "")) {
    throw new Error("The Postgres server must run on this machine, so that its CPU time can be read");
  }
  return () => [postmaster, ...processes().filter((pid) => parentOf(pid) === postmaster)];
}

/** A figure of `/proc/PID/status` in MiB: `VmRSS` is the memory now, `VmHWM` the most there ever was. */
export function memoryMiB(pid: number, figure: "VmRSS" | "VmHWM"): number {
  const kib = new RegExp(`^${figure}:\\s+(\\d+) kB`, "m").exec(read(`/proc/${pid}/status`) ?? "")?.[1];
  return Number(kib ?? NaN) / 1024;
}

function nanoseconds(thread: string): number | null {
  const precise = read(`${thread}/schedstat`)?.split(" ")[0];
  if (precise !== undefined) return Number(precise);
  const fields = statFields(read(`${thread}/stat`));
  return fields === null ? null : (Number(fields[11]) + Number(fields[12])) * TICK_NS;
}

function parentOf(pid: number): number | null {
  const parent = statFields(read(`/proc/${pid}/stat`))?.[1];
  return parent === undefined ? null : Number(parent);
}

/** The fields after the name, which may itself have blanks and brackets: state, parent, … */
function statFields(stat: string | null): string[] | null {
  return stat === null ? null : stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function processes(): number[] {
  return [...Deno.readDirSync("/proc")].map((entry) => Number(entry.name)).filter(Number.isInteger);
}

function threads(pid: number): string[] {
  try {
    return [...Deno.readDirSync(`/proc/${pid}/task`)].map((entry) => entry.name);
  } catch {
    return []; // it ended
  }
}

function read(path: string): string | null {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return null;
  }
}
