import { type Caller, may } from "../services/access.ts";
import type { Needs } from "../services/context.ts";
import { DomainError } from "../services/errors.ts";
import { type App, BASE, type Exchange, type Lane, SECURITY } from "./kit.ts";
import { createLimiter } from "./limits.ts";
import { type At, problem, toProblem } from "./problem.ts";
import { readBody } from "./request_body.ts";

/** Where a request came from. */
export type Peer = { remoteAddr: { hostname: string } };
export type Handle = (req: Request, peer: Peer) => Promise<Response>;
export type Authenticate = (authorization: string | null) => Caller | Promise<Caller>;

const ANONYMOUS: Caller = { kind: "anonymous" };
const READING = new Set(["GET", "HEAD"]);
/**
 * Everything that comes before a route, in one place and one pass: request id, admission, host, authentication, rate
 * limit, body; and after it: security headers and the log line. One function instead of a chain of middlewares, each of
 * which would cost more than all of this.
 */
export function createDoor(
  app: App,
  ctx: Needs<"clock" | "ids" | "log" | "config">,
  authenticate: Authenticate,
  lane: Lane = () => null,
): Handle {
  const { config, clock, log } = ctx;
  const allowance = createLimiter();
  let underway = 0;

  const enter = async (req: Request, peer: Peer, at: At, exchange: Exchange, now: number): Promise<Response> => {
    const path = at.instance;
    if (underway > config.MAX_CONCURRENT_REQUESTS && !path.startsWith(`${BASE}/health`)) {
      return problem("unavailable", "Too many requests are under way; try again", at);
    }
    if (config.AUTH_MODE === "open" && !isLoopbackHost(req.url)) {
      return problem("forbidden", "Open mode answers to localhost, 127.0.0.1 and [::1] only", at);
    }
    const known = authenticate(req.headers.get("authorization"));
    const named = known instanceof Promise ? await identify(known) : known;
    const caller = exchange.caller = named instanceof Error ? ANONYMOUS : named;
    const quota = caller.kind === "anonymous"
      ? allowance(`ip ${address(req, peer)}`, config.ANONYMOUS_RATE_LIMIT_PER_MINUTE, now)
      : allowance(caller.kind === "token" ? caller.key : "local", config.RATE_LIMIT_PER_MINUTE, now);
    // IETF draft "RateLimit header fields for HTTP"; the policy behind it is in the refusal.
    exchange.ratelimit = `"minute";r=${quota.remaining};t=${quota.reset_s}`;
    if (!quota.allowed) {
      const headers = { "retry-after": String(quota.reset_s), "ratelimit-policy": `"minute";q=${quota.limit};w=60` };
      return problem("too_many", `At most ${quota.limit} requests a minute`, at, { headers });
    }
    if (named instanceof Error) throw named;
    return admit(caller, req.method, path, at) ?? await dispatch(req, at, exchange);
  };

  /** Who asks, or why the token is not good: guessing tokens uses up the allowance of the address. */
  const identify = async (asked: Promise<Caller>): Promise<Caller | DomainError> => {
    try {
      return await asked;
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

  const dispatch = async (req: Request, at: At, exchange: Exchange): Promise<Response> => {
    if (READING.has(req.method)) return await (lane(req, exchange, at.instance) ?? app.fetch(req, exchange));
    const ingest = at.instance === `${BASE}/metrics` || at.instance === `${BASE}/metrics/`;
    const read = await readBody(req, ingest, clock);
    if ("kind" in read) return problem(read.kind, read.detail, at);
    const { method, headers, url } = req;
    exchange.body = read.text;
    // A batch of metrics is read from the exchange: to wrap it in a request again would copy it.
    const again = ingest || read.text === undefined ? { method, headers } : { method, headers, body: read.text };
    return await app.fetch(new Request(url, again), exchange);
  };

  const address = (req: Request, peer: Peer): string => {
    if (config.TRUSTED_PROXIES === 0) return peer.remoteAddr.hostname;
    const hops = (req.headers.get("x-forwarded-for") ?? "").split(",").map((hop) => hop.trim());
    return hops[hops.length - config.TRUSTED_PROXIES] || peer.remoteAddr.hostname;
  };

  return async (req, peer) => {
    const began = clock.monotonic();
    const request_id = requestId(req.headers.get("x-request-id")) ?? ctx.ids.uuid();
    const at: At = { request_id, instance: pathOf(req.url) };
    const exchange: Exchange = {
      caller: ANONYMOUS,
      request_id,
      body: undefined,
      ratelimit: "",
      complete: false,
    };
    let response: Response;
    underway++;
    try {
      response = await enter(req, peer, at, exchange, began);
    } catch (error) {
      response = toProblem(error, at, (cause) => log.error("request failed", { ...at, cause }));
      exchange.complete = false;
    } finally {
      underway--;
    }
    if (!exchange.complete) complete(response, exchange);
    const ms = Math.round((clock.monotonic() - began) * 100) / 100;
    log.request({ method: req.method, path: at.instance, status: response.status, ms, request_id });
    return response;
  };
}

function complete({ headers }: Response, { request_id, ratelimit }: Exchange): void {
  for (const [name, value] of Object.entries(SECURITY)) if (!headers.has(name)) headers.set(name, value);
  headers.set("x-request-id", request_id);
  if (ratelimit !== "") headers.set("ratelimit", ratelimit);
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
