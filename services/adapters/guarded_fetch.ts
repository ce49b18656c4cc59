import { lookup as resolveName } from "node:dns/promises";
import { type IncomingMessage, request as requestHttp } from "node:http";
import type { Socket } from "node:net";
import type { Config } from "../config.ts";
import { isAddress, isPublicAddress } from "../outbound/address.ts";
import { bareHost, CALLABLE, isAllowed, isCallable } from "../outbound/target.ts";
import type { Clock } from "../ports/clock.ts";
import { type Outbound, type OutboundAnswer, OutboundFailure, type OutboundRequest } from "../ports/outbound.ts";
import { boundedBody } from "./bounded_body.ts";
import { connected } from "./connected.ts";
import { unlessAborted, within } from "./within.ts";

/** What one exchange may take, from the look-up of the name to the end of the answer. */
export const OUTBOUND_MS = 10_000;
/** What is read of an answer where the request does not say. */
export const OUTBOUND_BYTES = 10 * 1024 * 1024;
const REDIRECTS = 3;
const HEAD_BYTES = 16 * 1024;
/** Leads nowhere (RFC 6761): should the runtime ever connect by itself instead of through us, it gets nowhere. */
const NOWHERE = "checked.invalid";

type Parts = {
  clock: Clock;
  config: Pick<Config, "OUTBOUND_ALLOWED_HOSTS">;
  /** The addresses of a name; the system's resolver when absent. */
  resolve?: (host: string) => Promise<string[]>;
  /** Certificates (PEM) to trust instead of the system's. */
  ca?: string;
};

/**
 * The one way out, to URLs of users and of the configuration. The addresses of a name are looked up once, all of them checked, and
 * these very addresses connected to, so a name that answers otherwise the next time (DNS rebinding) gains nothing.
 * The runtime's fetch offers no such place; proxies of the environment are not used, for they would look up anew.
 */
export function guardedFetch(parts: Parts): Outbound {
  return async (url, request) => {
    const { clock } = parts;
    try {
      return await within(clock, OUTBOUND_MS, request.signal, (signal) => exchange(parts, url, { ...request, signal }));
    } catch (cause) {
      request.signal.throwIfAborted();
      throw cause instanceof OutboundFailure ? cause : unreachable(cause);
    }
  };
}

function unreachable(cause: unknown): OutboundFailure {
  const code = cause instanceof Error && "code" in cause ? ` (${cause.code})` : "";
  return new OutboundFailure("unreachable", `could not be reached${code}`, { cause });
}

async function exchange(parts: Parts, url: URL, request: OutboundRequest): Promise<OutboundAnswer> {
  const trusted = request.named_by === "configuration";
  const bound = trusted || Object.keys(request.secrets ?? {}).length > 0;
  let at = url;
  for (let hops = 0; hops <= REDIRECTS; hops++) {
    const addresses = await checkedAddresses(parts, at, trusted, request.signal);
    const socket = await connected(parts, at, addresses, request.signal);
    try {
      const response = await ask(socket, at, request);
      const next = redirection(response, at, request.method);
      if (next === null) {
        const { statusCode: status = 0 } = response;
        return { status, ...await boundedBody(response, request.most_bytes ?? OUTBOUND_BYTES, request.signal) };
      }
      if (bound && next.origin !== url.origin) {
        throw new OutboundFailure("redirected", "redirected to another origin, where this request must not go");
      }
      at = next;
    } finally {
      socket.destroy();
    }
  }
  throw new OutboundFailure("redirected", `redirected more than ${REDIRECTS} times`);
}

/** Where an answer sends us on, or null where it is the answer. A body goes on only where it stays as it is. */
function redirection({ statusCode = 0, headers }: IncomingMessage, from: URL, method: string): URL | null {
  const follow = method === "GET" ? [301, 302, 303, 307, 308] : [307, 308];
  if (!follow.includes(statusCode) || headers.location === undefined) return null;
  const next = URL.parse(headers.location, from);
  if (next === null) throw new OutboundFailure("redirected", "redirected to what is no URL");
  return next;
}

/** The addresses that may be connected to: of a host that is not trusted by name, none unless all are public. */
async function checkedAddresses(parts: Parts, url: URL, trusted: boolean, signal: AbortSignal): Promise<string[]> {
  if (!isCallable(url)) throw new OutboundFailure("url_not_allowed", `is not callable: a URL ${CALLABLE}`);
  const host = bareHost(url);
  const { resolve = systemAddresses } = parts;
  const addresses = isAddress(host) ? [host] : await unlessAborted(resolve(host), signal);
  if (addresses.length === 0) throw new Error("The name has no address");
  if (trusted || isAllowed(url, parts.config.OUTBOUND_ALLOWED_HOSTS) || addresses.every(isPublicAddress)) {
    return addresses;
  }
  throw new OutboundFailure(
    "url_not_allowed",
    "is not at a public address; OUTBOUND_ALLOWED_HOSTS names the hosts that may be called all the same",
  );
}

const systemAddresses = async (host: string) => (await resolveName(host, { all: true })).map(({ address }) => address);

/** Sends a request over a socket, and answers with the head of the response. */
function ask(socket: Socket, url: URL, request: OutboundRequest): Promise<IncomingMessage> {
  const { method, headers, secrets, body, signal } = request;
  return new Promise((resolve, reject) => {
    const outgoing = requestHttp({
      ...{ method, signal, host: NOWHERE, path: url.pathname + url.search, maxHeaderSize: HEAD_BYTES },
      headers: { ...headers, ...secrets, "accept-encoding": "gzip", host: url.host },
      createConnection: () => socket,
    }, resolve);
    outgoing.on("error", reject);
    outgoing.on("close", () => reject(new Error("It closed without an answer"))); // all that is heard of a 101
    outgoing.end(body);
  });
}
