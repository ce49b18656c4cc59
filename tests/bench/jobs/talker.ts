import { type Child, start } from "../children.ts";

/** What a process of the benchmark says, one JSON line each. Instants are milliseconds since 1970, with fractions. */
export type Message = { what: string; at: number; run?: string; ms?: number; first?: number; last?: number };

/** A process that takes words and says messages. */
export type Talker = {
  child: Child;
  tell(words: string): Promise<void>;
  /** The next message that is wanted, also one that came already. @throws {Error} when it does not come in time */
  hear(wanted: (message: Message) => boolean, patience_ms?: number): Promise<Message>;
  /** Forgets what nobody wanted to hear. */
  forget(): void;
};

type Waiting = {
  wanted: (message: Message) => boolean;
  resolve: (message: Message) => void;
  reject: (error: Error) => void;
};

/** Starts a process that talks. */
export function talk(command: string, args: string[], env: Record<string, string>, log: string): Talker {
  const child = start(command, args, { env, stdin: "piped", stdout: "piped", log });
  const writer = child.process.stdin.getWriter();
  const encoder = new TextEncoder();
  const unheard: Message[] = [];
  const waiting = new Set<Waiting>();
  const take = (message: Message) => {
    for (const each of waiting) {
      if (!each.wanted(message)) continue;
      return each.resolve(message);
    }
    unheard.push(message);
  };
  const silent = () =>
    new Error(`${args.join(" ")} did not say what it should: ${Deno.readTextFileSync(log).slice(-1_000)}`);
  child.process.status.then(() => {
    for (const each of waiting) each.reject(silent());
  });
  readLines(child.process.stdout, (line) => take(JSON.parse(line)));
  return {
    child,
    tell: (words) => writer.write(encoder.encode(`${words}\n`)),
    forget: () => void unheard.splice(0),
    hear(wanted, patience_ms = 60_000) {
      const at = unheard.findIndex(wanted);
      const [known] = at === -1 ? [] : unheard.splice(at, 1);
      if (known !== undefined) return Promise.resolve(known);
      return new Promise((resolve, reject) => {
        const over = () => (clearTimeout(late), waiting.delete(each));
        const each: Waiting = {
          wanted,
          resolve: (message) => (over(), resolve(message)),
          reject: (error) => (over(), reject(error)),
        };
        const late = setTimeout(() => each.reject(silent()), patience_ms);
        waiting.add(each);
      });
    },
  };
}

/** Calls `take` with every line. */
export async function readLines(from: ReadableStream<Uint8Array>, take: (line: string) => void): Promise<void> {
  let text = "";
  for await (const chunk of from.pipeThrough(new TextDecoderStream())) {
    const lines = (text + chunk).split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) if (line !== "") take(line);
  }
}

/** Now, comparable between the processes of one machine. */
export const instant = (): number => performance.timeOrigin + performance.now();
