import { type Child, start } from "./children.ts";

/** One of the two that are compared: a name, where it listens, its process. */
export type Server = { port: number; child: Child; headers: Record<string, string>; first_answer_ms: number };

const ROOT = new URL("../../", import.meta.url).pathname;
const POLL_MS = 2;
const PATIENCE_MS = 60_000;

/** Where and with what a server starts. */
export type Launch = { env: Record<string, string>; headers?: Record<string, string>; path: string };

/** Starts the hand-written server and waits for its first answer to `path`. */
export function startHandWritten({ env, path }: Launch): Promise<Server> {
  const script = `${ROOT}tests/bench/hand_written.ts`;
  return launch(["run", "--no-prompt", "--allow-net", "--allow-env", script], env, {}, path);
}

/** Starts the service with the flags of `deno task start`, and waits for its first answer to `path`. */
export async function startOurs({ env, headers = {}, path }: Launch): Promise<Server> {
  const write = `--allow-write=${env["DATA_DIR"] ?? ".data"}`; // there the task asks the shell
  const flags = [...await startFlags(), "--no-prompt", write];
  return await launch(
    ["run", ...flags, `${ROOT}main.ts`],
    { RATE_LIMIT_PER_MINUTE: "10000000", ...env },
    headers,
    path,
  );
}

async function startFlags(): Promise<string[]> {
  const { tasks } = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`)) as { tasks: { start: string } };
  return tasks.start.match(/--(?!allow-write)[\w-]+(=[^\s$]+)?/g) ?? [];
}

async function launch(
  args: string[],
  env: Record<string, string>,
  headers: Record<string, string>,
  path: string,
): Promise<Server> {
  const port = freePort();
  const log = await Deno.makeTempFile({ prefix: "bench", suffix: ".log" });
  const began = performance.now();
  const child = start(Deno.execPath(), args, { env: { ...env, PORT: String(port) }, log });
  let ended = false;
  child.process.status.then(() => ended = true);
  while (!await answers(port, path, headers)) {
    if (ended || performance.now() - began > PATIENCE_MS) {
      await child.stop();
      throw new Error(`${args.at(-1)} did not answer ${path}: ${(await Deno.readTextFile(log)).slice(-2_000)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  const first_answer_ms = performance.now() - began;
  const stop = async () => {
    await child.stop();
    await Deno.remove(log);
  };
  return { port, child: { ...child, stop }, headers, first_answer_ms };
}

async function answers(port: number, path: string, headers: Record<string, string>): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false; // it does not listen yet
  }
}

/** A port that nobody listens on; the system gives the next asker another. */
function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  return listener.addr.port;
}
