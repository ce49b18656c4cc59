import { createHmac } from "node:crypto";

/** The form of a signing key: `whsec_` and the base64 of random bytes, at least 24, usually 32. */
export const SECRET_FORM = /^whsec_(?:[A-Za-z0-9+/]{4}){8,21}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * The headers by which a receiver knows a message and its sender (Standard Webhooks 1.0): HMAC-SHA256 over
 * `id.timestamp.body`, in base64, under the version `v1`.
 * @param secret of `SECRET_FORM`
 * @param timestamp_s seconds since 1970
 */
export function signed(
  secret: string,
  { id, timestamp_s, body }: { id: string; timestamp_s: number; body: string },
): Record<string, string> {
  const key = Uint8Array.fromBase64(secret.slice("whsec_".length));
  const signature = createHmac("sha256", key).update(`${id}.${timestamp_s}.${body}`).digest("base64");
  return { "webhook-id": id, "webhook-timestamp": String(timestamp_s), "webhook-signature": `v1,${signature}` };
}
