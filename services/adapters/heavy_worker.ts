/** The other side of `worker_heavy.ts`: computes what it is sent, one message after the other. */
import { compute } from "../heavy/computations.ts";
import type { Computations } from "../ports/heavy.ts";
import type { Answer } from "./worker_heavy.ts";

type Question<Name extends keyof Computations = keyof Computations> = {
  name: Name;
  input: Computations[Name]["input"];
};

/** The types of this project know the main thread's global scope alone. */
const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<Question>) => void;
  postMessage(answer: Answer, transfer: ArrayBuffer[]): void;
};

scope.onmessage = ({ data: { name, input } }) => {
  try {
    const output = compute(name, input);
    scope.postMessage({ output }, buffersOf(output ?? {}));
  } catch (error) {
    scope.postMessage({ failed: error instanceof Error ? error.message : String(error) }, []);
  }
};

/** Bytes are handed over instead of being copied. */
function buffersOf(output: object): ArrayBuffer[] {
  return Object.values(output).flatMap((part) =>
    part instanceof Uint8Array && part.buffer instanceof ArrayBuffer && part.byteLength === part.buffer.byteLength
      ? [part.buffer]
      : []
  );
}
