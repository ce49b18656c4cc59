/** A Worker that stays busy with each message until the test opens its gate, and breaks down at one that says so. */

type Message = { gate?: SharedArrayBuffer; name?: string; input?: { name?: string } };

/** The types of this project know the main thread's global scope alone. */
const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<Message>) => void;
  postMessage(answer: unknown): void;
};

let gate = new Int32Array(new SharedArrayBuffer(8));

scope.onmessage = ({ data }) => {
  if (data.gate !== undefined) {
    gate = new Int32Array(data.gate);
    return;
  }
  Atomics.add(gate, 1, 1); // begun
  if (data.input?.name === "break down") throw new Error("on purpose");
  while (Atomics.load(gate, 0) === 0); // busy, as a computation is
  scope.postMessage({ output: { said: data.input?.name } });
};
