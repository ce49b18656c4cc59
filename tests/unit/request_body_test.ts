import { deepStrictEqual as equal } from "node:assert/strict";
import { readBody } from "../../routes/request_body.ts";

const clock = (sleep: () => Promise<void>) => ({ now: () => 0, monotonic: () => 0, sleep });
const patient = clock(() => new Promise(() => {}));
const impatient = clock(() => Promise.resolve());
const headers = { "content-type": "application/json" };

Deno.test("a body that does not arrive in time is given up", async () => {
  const body = new ReadableStream<Uint8Array>({ start: (stream) => stream.enqueue(Uint8Array.of(0x7b)) }); // and no more
  const read = await readBody(new Request("http://localhost/", { method: "POST", headers, body }), false, impatient);
  equal("kind" in read && read.kind, "slow_body");
});

Deno.test("a body in pieces is put together, and one that breaks off is malformed", async () => {
  const pieces = ReadableStream.from(['{"a":', "1}"].map((text) => new TextEncoder().encode(text)));
  const whole = await readBody(
    new Request("http://localhost/", { method: "POST", headers, body: pieces }),
    false,
    patient,
  );
  equal(whole, { text: '{"a":1}' });
  const broken = new ReadableStream<Uint8Array>({ pull: (stream) => stream.error(new Error("reset")) });
  const read = await readBody(
    new Request("http://localhost/", { method: "POST", headers, body: broken }),
    false,
    patient,
  );
  equal("kind" in read && read.kind, "malformed");
});

Deno.test("an empty body is no body, whatever its headers say", async () => {
  const empty = () => new ReadableStream<Uint8Array>({ start: (stream) => stream.close() });
  const bare = await readBody(new Request("http://localhost/", { method: "POST", body: empty() }), false, patient);
  equal(bare, { text: undefined });
  const typed = await readBody(
    new Request("http://localhost/", { method: "POST", headers, body: empty() }),
    false,
    patient,
  );
  equal(typed, { text: undefined });
});
