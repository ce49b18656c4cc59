import { type Caller, may } from "../services/access.ts";
import type { Needs } from "../services/context.ts";
import { DomainError } from "../services/errors.ts";
import { type App, BASE } from "./kit.ts";
import { type Allowance, createLimiter } from "./limits.ts";
import { type At, problem, toProblem } from "./problem.ts";
import { readBody } from "./request_body.ts";

/** Where a request came from. */
export type Peer = { remoteAddr: { hostname: string } };
export type Handle = (req: Request, peer: Peer) => Promise<Response>;
export type Authenticate = (authorization: string | null) => Caller | Promise<Caller>;

const ANONYMOUS: Caller = { kind: "anonymous" };
const READING = new Set(["GET", "HEAD"]);
const ALWAYS: [string, string][] = [
  ["x-content-type-options", "nosniff"],
  ["x-frame-options", "DENY"],
  ["referrer-policy", "no-referrer"],
  ["cross-origin-resource-policy", "same-origin"],
];
const NO_CONTENT_POLICY = "default-src 'none'; frame-ancestors 'none'";

/**
 * Everything that comes before a route, in one place and one pass: request id, admission, host, authentication, rate
 * limit, body; and after it: security headers and the log line. One function instead of a chain of middlewares, each of
 * which would cost more than all of this.
 */
export function createDoor(
  app: App,
  ctx: Needs<"clock" | "ids" | "log" | "config">,
  authenticate: Authenticate,
): Handle {
  const { config, clock, log } = ctx;
  const allowance = createLimiter();
  let underway = 0;

  const enter = async (req: Request, peer: Peer, path: string, at: At): Promise<Response> => {
    if (underway > config.MAX_CONCURRENT_REQUESTS && !path.startsWith(`${BASE}/health`)) {
      return problem("unavailable", "Too many requests are under way; try again", at);
    }
    if (config.AUTH_MODE === "open" && !isLoopbackHost(req.url)) {
      return problem("forbidden", "Open mode answers to localhost, 127.0.0.1 and [::1] only", at);
    }
    const named = await identify(req.headers.get("authorization"));
    const caller = named instanceof Error ? ANONYMOUS : named;
    const quota = caller.kind === "anonymous"
      ? allowance(`ip ${address(req, peer)}`, config.ANONYMOUS_RATE_LIMIT_PER_MINUTE, clock.monotonic())
      : allowance(caller.kind === "token" ? caller.key : "local", config.RATE_LIMIT_PER_MINUTE, clock.monotonic());
    if (!quota.allowed) {
      const headers = { ...rateHeaders(quota), "retry-after": String(quota.reset_s) };
      return problem("too_many", `At most ${quota.limit} requests a minute`, at, { headers });
    }
    if (named instanceof Error) throw named;
    const refusal = admit(caller, req.method, path, at);
    if (refusal !== null) return refusal;
    const response = await dispatch(req, path, caller, at);
    for (const [name, value] of Object.entries(rateHeaders(quota))) response.headers.set(name, value);
    return response;
  };

  /** Who asks, or why the token is not good: guessing tokens uses up the allowance of the address. */
  const identify = async (authorization: string | null): Promise<Caller | DomainError> => {
    try {
      return await authenticate(authorization);
    } catch (error) {
      if (error instanceof DomainError && error.code === "unauthenticated") return error;
      throw error;
    }
  };

  /** Reading is public where the configuration says so; everything else needs somebody. */
  const admit = (caller: Caller, method: string, path: string, at: At): Response | null => {
    const reads = READING.has(method);
    if (caller.kind === "anonymous") {
      if (reads && (config.PUBLIC_READS || !path.startsWith(BASE) || path.startsWith(`${BASE}/health`))) return null;
      return problem("unauthenticated", `${reads ? "Reading" : "This"} needs a token: Authorization: Bearer …`, at);
    }
    if (may(caller, reads ? "read" : "write")) return null;
    return problem("forbidden", `This token lacks the scope ${reads ? "read" : "write"}`, at);
  };

  const dispatch = async (req: Request, path: string, caller: Caller, at: At): Promise<Response> => {
    const exchange = { caller, request_id: at.request_id, body: undefined };
    if (READING.has(req.method)) return await app.fetch(req, exchange);
    const ingest = path === `${BASE}/metrics` || path === `${BASE}/metrics/`;
    const read = await readBody(req, ingest, clock);
    if ("kind" in read) return problem(read.kind, read.detail, at);
    const { method, headers, url } = req;
    if (read.text === undefined) return await app.fetch(new Request(url, { method, headers }), exchange);
    const again = ingest ? { method, headers } : { method, headers, body: read.text };
    return await app.fetch(new Request(url, again), { ...exchange, body: read.text });
  };

  const address = (req: Request, peer: Peer): string => {
    if (config.TRUSTED_PROXIES === 0) return peer.remoteAddr.hostname;
    const hops = (req.headers.get("x-forwarded-for") ?? "").split(",").map((hop) => hop.trim());
    return hops[hops.length - config.TRUSTED_PROXIES] || peer.remoteAddr.hostname;
  };

  return async (req, peer) => {
    const began = clock.monotonic();
    const path = pathOf(req.url);
    const at: At = { request_id: requestId(req.headers.get("x-request-id")) ?? ctx.ids.uuid(), instance: path };
    let response: Response;
    underway++;
    try {
      response = await enter(req, peer, path, at);
    } catch (error) {
      response = toProblem(error, at, (cause) => log.error("request failed", { ...at, cause }));
    } finally {
      underway--;
    }
    const { headers } = response;
    headers.set("x-request-id", at.request_id);
    for (const [name, value] of ALWAYS) headers.set(name, value);
    if (!headers.has("content-security-policy")) headers.set("content-security-policy", NO_CONTENT_POLICY);
    log.info("request", {
      method: req.method,
      path,
      status: response.status,
      ms: Math.round((clock.monotonic() - began) * 100) / 100,
      request_id: at.request_id,
    });
    return response;
  };
}

/** The path of an absolute URL, without the cost of parsing it. */
function pathOf(url: string): string {
  const start = url.indexOf("/", url.indexOf("//") + 2);
  const end = url.indexOf("?", start);
  return start === -1 ? "/" : end === -1 ? url.slice(start) : url.slice(start, end);
}

/** A page elsewhere may resolve its own name to the loopback (DNS rebinding): open mode wants to hear a loopback name. */
function isLoopbackHost(url: string): boolean {
  return /^https?:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?(\/|$|\?)/.test(url);
}

/** A caller's own request id, if it is harmless in a log and a header. */
function requestId(given: string | null): string | null {
  return given !== null && /^[\w.:-]{1,64}$/.test(given) ? given : null;
}

/** The fields of the IETF draft "RateLimit header fields for HTTP". */
function rateHeaders({ limit, remaining, reset_s }: Allowance): Record<string, string> {
  return { "ratelimit-policy": `"minute";q=${limit};w=60`, "ratelimit": `"minute";r=${remaining};t=${reset_s}` };
}
