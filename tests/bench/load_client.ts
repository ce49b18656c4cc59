import { start } from "./children.ts";
import type { Plan, Played } from "./load.ts";

/** The load generator, as the benchmark talks to it. */
export type Load = { play(plan: Plan): Promise<Played> };

/** Starts the load generator; it stays, so that its code is warm when it counts. */
export function startLoad(): Load {
  const script = new URL("load.ts", import.meta.url).pathname;
  const child = start(Deno.execPath(), ["run", "--no-prompt", "--allow-net=127.0.0.1", script], {
    stdin: "piped",
    stdout: "piped",
  });
  const writer = child.process.stdin.getWriter();
  const reader = child.process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const encoder = new TextEncoder();
  return {
    async play(plan) {
      await writer.write(encoder.encode(JSON.stringify(plan) + "\n"));
      let line = "";
      while (!line.endsWith("\n")) {
        const { value, done } = await reader.read();
        if (done) throw new Error("The load generator ended");
        line += value;
      }
      const played = JSON.parse(line) as Played; // our own process wrote it
      if (played.wrong !== null) throw new Error(`A server answered badly: ${played.wrong}`);
      return played;
    },
  };
}

/** A request as it goes over the wire. */
export function request(method: string, path: string, headers: Record<string, string>, body = ""): string {
  const lines = Object.entries({ host: "127.0.0.1", ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  const length = method === "GET" ? "" : `content-length: ${new TextEncoder().encode(body).length}\r\n`;
  return `${method} ${path} HTTP/1.1\r\n${lines.join("")}${length}\r\n${body}`;
}
