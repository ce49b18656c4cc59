/** A process that the benchmark started, and that ends with it. */
export type Child = { pid: number; process: Deno.ChildProcess; stop(): Promise<void> };

type Options = {
  env?: Record<string, string>;
  stdin?: "piped" | "null";
  stdout?: "piped" | "null";
  /** Where its standard error goes, as a service's log does; nowhere when absent. */
  log?: string;
};

const running = new Set<Child>();

/** Starts a process. Its settings are those given, beside the path and home that every command needs. */
export function start(command: string, args: string[], options: Options = {}): Child {
  const { env = {}, stdin = "null", stdout = "null", log = "/dev/null" } = options;
  // The shell puts the log in place and is then replaced, so the process id is the command's own.
  const process = new Deno.Command("sh", {
    args: ["-c", 'log=$0; exec "$@" 2>>"$log"', log, command, ...args],
    clearEnv: true,
    env: { ...inherited(), ...env },
    stdin,
    stdout,
    stderr: "null",
  }).spawn();
  const child: Child = {
    pid: process.pid,
    process,
    async stop() {
      running.delete(child);
      kill(child, "SIGTERM");
      const late = setTimeout(() => kill(child, "SIGKILL"), 5_000);
      await process.status;
      clearTimeout(late);
    },
  };
  running.add(child);
  return child;
}

/** Runs a command to its end. @throws {Error} when it fails, with what it wrote to its standard error */
export async function run(command: string, args: string[]): Promise<void> {
  const log = await Deno.makeTempFile({ prefix: "bench" });
  const child = start(command, args, { log });
  const { success } = await child.process.status;
  running.delete(child);
  const said = await Deno.readTextFile(log);
  await Deno.remove(log);
  if (!success) throw new Error(`${command} failed: ${said.slice(-2_000)}`);
}

/** Ends at once whatever is still running. */
export function killAll(): void {
  for (const child of running) kill(child, "SIGKILL");
  running.clear();
}

function kill(child: Child, signal: Deno.Signal): void {
  try {
    child.process.kill(signal);
  } catch {
    // it ended by itself
  }
}

function inherited(): Record<string, string> {
  const names = ["PATH", "HOME", "DENO_DIR", "TMPDIR", "LANG"];
  return Object.fromEntries(names.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  }));
}
