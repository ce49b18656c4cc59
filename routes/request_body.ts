import type { Clock } from "../services/ports/clock.ts";

/** Why a body was not taken. */
export type BodyFault = { kind: "invalid" | "too_large" | "media_type" | "malformed" | "slow_body"; detail: string };

/** Bytes that one body may have; a full batch of metrics needs the larger one. */
export const BODY_LIMIT = 1024 * 1024;
export const BATCH_LIMIT = 16 * 1024 * 1024;
const BODY_MS = 30_000;

const JSON_TYPE = /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;
const NDJSON_TYPE = /^application\/(x-)?ndjson\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;
/** As a name, JSON keeps it, and what copies the object later drops it without a word. */
const PROTO = /"(?:_|\\u005f){2}proto(?:_|\\u005f){2}"\s*:/i;
const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads a body as text, bounded in size and time, or says why not. An absent body is `undefined`.
 * @param batch whether the larger limit and NDJSON are allowed
 */
export async function readBody(
  req: Request,
  batch: boolean,
  clock: Clock,
): Promise<{ text: string | undefined } | BodyFault> {
  const limit = batch ? BATCH_LIMIT : BODY_LIMIT;
  if (req.body === null) return { text: undefined };
  if (Number(req.headers.get("content-length") ?? 0) > limit) return tooLarge(limit);
  const bytes = await collect(req.body, limit, clock);
  if (!(bytes instanceof Uint8Array)) return bytes;
  if (bytes.byteLength === 0) return { text: undefined }; // Deno's server gives a POST without a body an empty stream
  const type = req.headers.get("content-type") ?? "";
  if (!JSON_TYPE.test(type) && !(batch && NDJSON_TYPE.test(type))) {
    return {
      kind: "media_type",
      detail: `Send ${batch ? "application/json or application/x-ndjson" : "application/json"}`,
    };
  }
  if ((req.headers.get("content-encoding") ?? "identity") !== "identity") {
    return { kind: "media_type", detail: "Send the body without content-encoding" };
  }
  try {
    const text = utf8.decode(bytes);
    return PROTO.test(text) ? { kind: "invalid", detail: '"__proto__" is not a legal name' } : { text };
  } catch {
    return { kind: "malformed", detail: "The body is not UTF-8" };
  }
}

const tooLarge = (limit: number): BodyFault => ({ kind: "too_large", detail: `A body may have ${limit} bytes` });

async function collect(
  stream: ReadableStream<Uint8Array>,
  limit: number,
  clock: Clock,
): Promise<Uint8Array | BodyFault> {
  const patience = new AbortController();
  const reader = stream.getReader();
  const late = clock.sleep(BODY_MS, patience.signal).then(() => "late" as const);
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const next = await Promise.race([reader.read(), late]);
      if (next === "late") return { kind: "slow_body", detail: `A body must arrive within ${BODY_MS / 1000} seconds` };
      if (next.done) break;
      size += next.value.byteLength;
      if (size > limit) return tooLarge(limit);
      chunks.push(next.value);
    }
  } catch {
    return { kind: "malformed", detail: "The body broke off" };
  } finally {
    patience.abort();
    reader.cancel().catch(() => {}); // a body that was read to its end has nothing to cancel
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : joined(chunks, size);
}

function joined(chunks: Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}
