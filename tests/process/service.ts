/** The service as its users have it: a process of its own, on a free port. */
export type Service = {
  origin: string;
  /** What it said on standard output so far. */
  said(): string;
  kill(signal: Deno.Signal): void;
  /** Waits for its end; the exit code, and -1 after a signal. */
  ended: Promise<number>;
};

const MAIN = new URL("../../main.ts", import.meta.url).pathname;

/** Starts main.ts with these settings and waits until it says where it listens. */
export async function startService(env: Record<string, string>): Promise<Service> {
  const flags = ["--allow-net", "--allow-env", "--allow-read", "--allow-write", "--allow-sys"];
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", ...flags, MAIN],
    env: { PORT: "0", LOG_LEVEL: "error", ...env },
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const listening = Promise.withResolvers<string>();
  let said = "";
  const reading = (async () => {
    for await (const text of process.stdout.pipeThrough(new TextDecoderStream())) {
      said += text;
      const origin = /Analytics service at (http:\S+)/.exec(said)?.[1];
      if (origin !== undefined) listening.resolve(origin);
    }
  })();
  const ended = Promise.all([process.status, reading]).then(([{ code, signal }]) => signal === null ? code : -1);
  ended.then((code) => listening.reject(new Error(`The service ended with ${code} before it listened: ${said}`)));
  const origin = await listening.promise;
  return { origin, said: () => said, kill: (signal) => process.kill(signal), ended };
}

/** Posts JSON and returns status and body. */
// deno-lint-ignore no-explicit-any -- a test reads fields of many shapes
export async function post(origin: string, path: string, body: unknown): Promise<{ status: number; body: any }> {
  const response = await fetch(origin + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

/** One reading, told apart by its external id. */
export const gift = (external_id: string) => ({
  service_name: "partners_crm",
  metric_type: "donation",
  metric_name: "donation_received",
  metric_value: 5,
  metric_unit: "USD",
  external_id,
});
