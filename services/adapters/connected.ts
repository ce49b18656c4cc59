import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { isAddress } from "../outbound/address.ts";
import { bareHost, portOf } from "../outbound/target.ts";
import type { Clock } from "../ports/clock.ts";
import { within } from "./within.ts";

/** What one address may take, so that a silent one leaves time for the next. */
const CONNECT_MS = 4_000;

/**
 * A socket to the first of these addresses that answers, with TLS for an https URL: then the certificate must be that
 * of the URL's host. Addresses are given to the runtime as they are, one by one, so nothing looks anything up again.
 * (Node's `lookup` option would do it in one call, but Deno 2.9.6 dies of an address that its permissions deny there.)
 */
export async function connected(
  { clock, ca }: { clock: Clock; ca?: string },
  url: URL,
  addresses: readonly string[],
  signal: AbortSignal,
): Promise<Socket> {
  let last: unknown = new Error("There is no address");
  for (const address of addresses) {
    try {
      return await within(clock, CONNECT_MS, signal, (own) => opened(url, address, ca, own));
    } catch (cause) {
      signal.throwIfAborted();
      last = cause;
    }
  }
  throw last;
}

function opened(url: URL, address: string, ca: string | undefined, signal: AbortSignal): Promise<Socket> {
  const secure = url.protocol === "https:";
  const place = { host: address, port: Number(portOf(url)) };
  const socket = secure ? connectTls({ ...place, ...identity(url, ca) }) : connect(place);
  signal.addEventListener("abort", () => socket.destroy(), { once: true });
  return new Promise((resolve, reject) => {
    socket.once(secure ? "secureConnect" : "connect", () => resolve(socket));
    socket.on("error", reject); // for as long as it lives: an error that nobody hears ends the process
    socket.once("close", () => reject(new Error("It closed at once")));
  });
}

/** Whose certificate it must be: the name's, or the address's where the URL names none. */
function identity(url: URL, ca: string | undefined) {
  const host = bareHost(url);
  return { ...(isAddress(host) ? {} : { servername: host }), ...(ca === undefined ? {} : { ca }) };
}
