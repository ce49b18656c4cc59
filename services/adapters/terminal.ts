/** What the commands say to the person in front of them; the service itself writes to its log. */
export const terminal = {
  print: (line: string) => console.log(line),
  complain: (line: string) => console.error(line),
};

/**
 * Runs a command of the project to its end: an error becomes one clear line and exit code 1.
 * @param work returns the exit code, or nothing for success
 */
export async function runCommand(work: () => Promise<number | void>): Promise<never> {
  try {
    Deno.exit(await work() ?? 0);
  } catch (error) {
    terminal.complain(error instanceof Error ? error.message : String(error));
    Deno.exit(1);
  }
}

/** Resolves when the process is asked to end: Ctrl-C, or SIGTERM from whoever runs it. */
export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, () => resolve());
  });
}
