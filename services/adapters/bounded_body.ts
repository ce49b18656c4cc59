import { Buffer } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";

/**
 * Reads the body of a response up to a number of bytes, counted as they come out of gzip, and no further: a bomb is
 * left after the first block too many. Not `complete` where it was longer, broke off, or is in a coding not asked for.
 * @throws the signal's reason when it aborts
 */
export async function boundedBody(
  response: IncomingMessage,
  most: number,
  signal: AbortSignal,
): Promise<{ body: Uint8Array; complete: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let complete = false;
  const stream = decoded(response);
  try {
    for await (const chunk of stream ?? []) {
      const bytes: Uint8Array = chunk; // a stream of Node without an encoding yields buffers, which its type leaves open
      const kept = bytes.subarray(0, most - size);
      chunks.push(kept);
      size += kept.byteLength;
      if (kept.byteLength < bytes.byteLength) break;
    }
    complete = stream?.readableEnded ?? false;
  } catch {
    signal.throwIfAborted(); // anything else is an answer that broke off: its status still counts
  }
  return { body: new Uint8Array(Buffer.concat(chunks)), complete };
}

/** The body as it was before any coding; null where the coding is not known. */
function decoded(response: IncomingMessage): Readable | null {
  const coding = response.headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
  if (coding === "identity") return response;
  // The end of one is the end of the other; what went wrong is seen by whoever reads.
  return coding === "gzip" || coding === "x-gzip" ? pipeline(response, createGunzip(), () => {}) : null;
}
