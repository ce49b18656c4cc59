import { killAll } from "../bench/children.ts";

const WITH_POSTGRES = new URL("../../.ci/with-postgres", import.meta.url).pathname;

/** Has something undone when the command ends, however it ends; the last first. */
export type OnEnd = (step: () => Promise<void> | void) => void;

/**
 * Runs a command of the tests on the Postgres of `DATABASE_URL`, or, without one, runs itself again on a throw-away one.
 * Exits with what `work` answers, with 1 when it throws or its time is up, and with 130 when somebody interrupts it; what
 * it started, by `tests/bench/children.ts` too, ends before.
 */
export async function onPostgres(
  { script, args, limit_s }: { script: string; args: string[]; limit_s: number },
  work: (serverUrl: string, onEnd: OnEnd) => Promise<number>,
): Promise<void> {
  const undo: (() => Promise<void> | void)[] = [];
  const onEnd: OnEnd = (step) => undo.push(step);
  let ending = false;
  const end = async (code: number) => {
    if (ending) return; // what fails now fails because it ends
    ending = true;
    killAll();
    for (const step of undo.reverse()) {
      await Promise.resolve().then(step).catch((error) => console.error(`not cleaned up: ${error}`));
    }
    Deno.exit(code);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, () => end(130));
  const serverUrl = Deno.env.get("DATABASE_URL");
  if (serverUrl === undefined) return await end(await again(script, args, onEnd));
  setTimeout(() => {
    console.error(`Time is up after ${limit_s} s`);
    end(1);
  }, limit_s * 1_000);
  await work(serverUrl, onEnd).then(end, (error) => {
    if (!ending) console.error(error);
    return end(1);
  });
}

async function again(script: string, args: string[], onEnd: OnEnd): Promise<number> {
  const command = new Deno.Command(WITH_POSTGRES, {
    // Deno lets nobody read /proc, where CPU times and the server's processes stand, without all permissions.
    args: [Deno.execPath(), "run", "--allow-all", script, ...args],
  }).spawn();
  let over = false;
  onEnd(async () => {
    if (!over) command.kill("SIGTERM");
    await command.status;
  });
  const { code } = await command.status;
  over = true;
  return code;
}
