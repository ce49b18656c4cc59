import { compute } from "../heavy/computations.ts";
import type { Clock } from "../ports/clock.ts";
import { ComputationFailed, type Computations, type Heavy } from "../ports/heavy.ts";

/** What the Worker answers: the output, or the message of what the computation threw. */
export type Answer<Output = unknown> = { output: Output } | { failed: string };

/** A Worker without work is let go after so long: an idle service carries none. */
export const IDLE_MS = 60_000;

/** One computation that waits or is under way. */
type Job = {
  message: unknown;
  /** Without a Worker: computes on this thread. */
  here(): void;
  answered(event: MessageEvent): void;
  fail(error: unknown): void;
};

/**
 * Computes in one Worker, which begins with the first computation and ends after a minute without any.
 *
 * A Worker that breaks down fails the computation it was at, and the next one gets a new Worker; so does one that is
 * given up by its signal. Deno does not interrupt such a Worker in the middle of a computation: it goes on to the end of
 * that on its own thread, unheard, and is gone then. Where the platform has no Workers, the computation happens here.
 */
export class WorkerHeavy implements Heavy {
  #worker: Worker | null = null;
  #current: Job | null = null;
  #waiting: Job[] = [];
  #idle = new AbortController();
  readonly #clock: Pick<Clock, "sleep">;
  readonly #open: () => Worker | null;

  constructor(clock: Pick<Clock, "sleep">, open: () => Worker | null = openWorker) {
    this.#clock = clock;
    this.#open = open;
  }

  compute<Name extends keyof Computations>(
    name: Name,
    input: Computations[Name]["input"],
    signal?: AbortSignal,
  ): Promise<Computations[Name]["output"]> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const end = new AbortController();
      const job: Job = {
        message: { name, input },
        here: () => job.answered(new MessageEvent("message", { data: { output: compute(name, input) } })),
        answered: ({ data }: MessageEvent<Answer<Computations[Name]["output"]>>) => {
          end.abort();
          if ("failed" in data) reject(new ComputationFailed(data.failed));
          else resolve(data.output);
        },
        fail: (error) => {
          end.abort();
          reject(error);
        },
      };
      signal?.addEventListener("abort", () => this.#giveUp(job, signal.reason), { signal: end.signal });
      this.#waiting.push(job);
      this.#next();
    });
  }

  /** Ends the Worker; whatever waits for it fails. */
  stop(): void {
    const left = [...(this.#current === null ? [] : [this.#current]), ...this.#waiting.splice(0)];
    this.#dropWorker();
    for (const job of left) job.fail(new Error("The service stops"));
  }

  /** Whether there is a Worker at this moment. */
  get running(): boolean {
    return this.#worker !== null;
  }

  #next(): void {
    if (this.#current !== null) return;
    const job = this.#current = this.#waiting.shift() ?? null;
    if (job === null) return this.#rest();
    this.#idle.abort();
    try {
      this.#worker ??= this.#begin();
      if (this.#worker === null) job.here();
      else return this.#worker.postMessage(job.message); // what follows, follows its answer
    } catch (error) {
      job.fail(error); // the input cannot be cloned, or the computation threw
    }
    this.#current = null;
    this.#next();
  }

  #begin(): Worker | null {
    const worker = this.#open();
    if (worker === null) return null;
    const broken = (why: string) => {
      if (worker !== this.#worker) return;
      const job = this.#current;
      this.#dropWorker();
      job?.fail(new ComputationFailed(`The Worker broke down: ${why}`));
      this.#next();
    };
    worker.onmessage = (event) => {
      if (worker !== this.#worker) return;
      const job = this.#current;
      this.#current = null;
      job?.answered(event);
      this.#next();
    };
    worker.onerror = (event) => {
      event.preventDefault(); // else it would end this process
      broken(event.message);
    };
    worker.onmessageerror = () => broken("its answer cannot be read");
    return worker;
  }

  #giveUp(job: Job, reason: unknown): void {
    this.#waiting = this.#waiting.filter((other) => other !== job);
    if (this.#current === job) this.#dropWorker();
    job.fail(reason);
    this.#next();
  }

  #dropWorker(): void {
    this.#idle.abort();
    this.#current = null;
    this.#worker?.terminate();
    this.#worker = null;
  }

  /** Nothing to do: arms the end of the Worker. */
  #rest(): void {
    if (this.#worker === null) return;
    this.#idle.abort();
    const { signal } = this.#idle = new AbortController();
    this.#clock.sleep(IDLE_MS, signal).then(() => {
      if (!signal.aborted) this.#dropWorker();
    });
  }
}

function openWorker(): Worker | null {
  // Absent on some platforms, whatever the types say.
  const { Worker: Platform } = globalThis as { Worker?: typeof Worker };
  return Platform === undefined
    ? null
    : new Platform(new URL("./heavy_worker.ts", import.meta.url), { type: "module", name: "heavy" });
}
