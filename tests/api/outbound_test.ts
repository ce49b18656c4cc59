import { deepStrictEqual as equal, ok, rejects } from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { gzipSync } from "node:zlib";
import { guardedFetch, OUTBOUND_BYTES, OUTBOUND_MS } from "../../services/adapters/guarded_fetch.ts";
import { readConfig } from "../../services/config.ts";
import { type Outbound, OutboundFailure, type OutboundRequest } from "../../services/ports/outbound.ts";
import { handClock } from "../jobs/ledger.ts";
import { stillClock } from "../support/app.ts";
import { certificateOf } from "../support/certificate.ts";
import { hostileUrls, NAMES } from "../support/hostile_urls.ts";

const patient = new AbortController().signal;
const get = (more: Partial<OutboundRequest> = {}): OutboundRequest => ({
  ...{ method: "GET", headers: {}, signal: patient, ...more },
});
const text = (body: Uint8Array) => new TextDecoder().decode(body);
const resolve = (host: string) => Promise.resolve(NAMES[host] ?? []);
const guard = (allowed: string, more: Partial<Parameters<typeof guardedFetch>[0]> = {}): Outbound =>
  guardedFetch({
    ...{ clock: stillClock(), config: readConfig({ OUTBOUND_ALLOWED_HOSTS: allowed }), resolve, ...more },
  });

/** How a call ends: its code, or `answered 200`. */
const outcome = (outbound: Outbound, url: string, request = get()): Promise<string> =>
  outbound(new URL(url), request).then(({ status }) => `answered ${status}`, (error) => {
    if (error instanceof OutboundFailure) return error.code;
    throw error;
  });

type Answer = (req: Request, times: number) => Response | Promise<Response>;

/** A server on the loopback that counts who reaches it. */
function serving(answer: Answer = () => new Response("canary")) {
  let reached = 0;
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (req) => answer(req, ++reached));
  const { port } = server.addr;
  return {
    port,
    url: `http://localhost:${port}/`,
    reached: () => reached,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** A server on the loopback that says bytes of choice to whoever speaks to it. */
async function saying(talk: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {}); // the other side may leave at any time
    socket.once("data", () => talk(socket));
  });
  const port = await new Promise<number>((listening) =>
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      listening(typeof address === "object" && address !== null ? address.port : 0);
    })
  );
  const close = () => {
    for (const socket of sockets) socket.destroy();
    return new Promise<void>((closed) => server.close(() => closed()));
  };
  return { url: `http://localhost:${port}/`, [Symbol.asyncDispose]: close };
}

const moved = (location: string, status = 302) => new Response(null, { status, headers: { location } });

Deno.test("no hostile URL reaches the loopback, and each is refused by its address, not by chance", async () => {
  await using canary = serving();
  const hostile = hostileUrls(canary.port);
  ok(hostile.length >= 100, `${hostile.length} URLs`);
  const outbound = guard("allowed.test,localhost:1,127.0.0.1:1");
  const outcomes = await Promise.all(hostile.map(async (url) => `${await outcome(outbound, url)} ${url}`));
  equal(outcomes.filter((each) => !each.startsWith("url_not_allowed ")), []);
  equal(canary.reached(), 0);
});

Deno.test("the same URLs do reach it through a client without the guard", async () => {
  await using canary = serving();
  for (const url of hostileUrls(canary.port).filter((url) => /^https?:/i.test(url))) {
    if (!/^(127\.|localhost\.?$)/.test(new URL(url).hostname)) continue;
    const plain = new URL(url);
    plain.username = plain.password = "";
    await fetch(plain).then((response) => response.body?.cancel(), () => {}); // of 127.x only one listens
  }
  ok(canary.reached() >= 20, `${canary.reached()} reached it`);
});

Deno.test("a name is looked up once, and the address that was checked is the one connected to", async () => {
  await using canary = serving();
  let asked = 0;
  const rebinding = () => Promise.resolve(asked++ === 0 ? ["192.88.98.1"] : ["127.0.0.1"]);
  equal(await outcome(guard("", { resolve: rebinding }), `http://rebind.test:${canary.port}/`), "unreachable");
  equal([asked, canary.reached()], [1, 0]);
});

Deno.test("an allowed host is called wherever it leads, at its port alone", async () => {
  await using inside = serving((req) => Response.json([req.method, req.headers.get("host"), new URL(req.url).search]));
  const { body } = await guard("crm.internal")(new URL(`http://crm.internal:${inside.port}/a?b=c%20d#e`), get());
  equal(JSON.parse(text(body)), ["GET", `crm.internal:${inside.port}`, "?b=c%20d"]);
  equal(await outcome(guard(`localhost:${inside.port}`), inside.url), "answered 200");
  equal(await outcome(guard(`127.0.0.1:${inside.port}`), `http://2130706433:${inside.port}/`), "answered 200");
  equal(await outcome(guard(`localhost:${inside.port + 1}`), inside.url), "url_not_allowed");
});

Deno.test("where an address of a name does not answer, the next one is tried", async () => {
  await using inside = serving();
  const outbound = guard("twice.test", { resolve: () => Promise.resolve(["127.0.0.2", "127.0.0.1"]) });
  equal(await outcome(outbound, `http://twice.test:${inside.port}/`), "answered 200");
});

Deno.test("the system's own resolver is asked where no other is given", async () => {
  await using canary = serving();
  const { resolve: _, ...own } = { clock: stillClock(), config: readConfig({}), resolve };
  equal(await outcome(guardedFetch(own), canary.url), "url_not_allowed");
  const config = readConfig({ OUTBOUND_ALLOWED_HOSTS: "localhost" });
  equal(await outcome(guardedFetch({ ...own, config }), canary.url), "answered 200");
});

Deno.test("every redirect is checked like the first URL", async () => {
  await using canary = serving();
  const { port } = canary;
  const inside = [`http://127.0.0.1:${port}/`, `http://0x7f.1:${port}/`, `//[::ffff:7f00:1]:${port}/`];
  const names = [`http://rebind.test:${port}/`, `http://localhost:${port}/`, "http://metadata.google.internal/"];
  const kinds = ["file:///etc/passwd", "gopher://127.0.0.1/", `http://me:secret@allowed.test:${port}/`];
  const targets = [...inside, ...names, ...kinds];
  await using first = serving((_req, times) => moved(targets[times - 1] ?? "", [301, 302, 303, 307, 308][times % 5]));
  const outbound = guard(`localhost:${first.port}`);
  const outcomes: string[] = [];
  for (const _ of targets) outcomes.push(await outcome(outbound, first.url));
  equal(outcomes, targets.map(() => "url_not_allowed"));
  equal([first.reached(), canary.reached()], [targets.length, 0]);
});

Deno.test("at most three redirects are followed", async () => {
  await using circle = serving(() => moved("/"));
  equal(await outcome(guard("localhost"), circle.url), "redirected");
  equal(circle.reached(), 4);
  await using short = serving((_req, times) => times < 4 ? moved(`/${times}`) : new Response("there"));
  equal(await outcome(guard("localhost"), short.url), "answered 200");
  await using lost = serving(() => moved("http://["));
  equal(await outcome(guard("localhost"), lost.url), "redirected");
});

Deno.test("secrets stay at their origin: a redirect to another one is a failure, and reaches nobody", async () => {
  await using other = serving((req) => Response.json([req.headers.get("x-key"), req.headers.get("x-plain")]));
  await using first = serving((req, times) =>
    times === 1 ? moved("/again", 307) : times === 2 ? Response.json([req.headers.get("x-key")]) : moved(other.url, 307)
  );
  const outbound = guard("localhost");
  const secret = get({ method: "POST", headers: { "x-plain": "p" }, secrets: { "x-key": "k" }, body: "{}" });
  equal(text((await outbound(new URL(first.url), secret)).body), '["k"]');
  equal(await outcome(outbound, first.url, secret), "redirected");
  equal(other.reached(), 0);
  equal(text((await outbound(new URL(first.url), { ...secret, secrets: {} })).body), '[null,"p"]');
});

Deno.test("what the configuration names is called wherever it lies, and no redirect leads away from its origin", async () => {
  await using other = serving();
  const away = [other.url, "http://169.254.169.254/latest/meta-data/", "https://allowed.test/", "http://1.1.1.1/"];
  await using inside = serving((_req, times) =>
    times === 1 ? moved("/again") : times === 2 ? new Response("there") : moved(away[times - 3] ?? "/", 307)
  );
  const outbound = guard(`allowed.test,localhost:${other.port}`);
  const named = get({ named_by: "configuration" });
  equal(await outcome(outbound, inside.url), "url_not_allowed");
  equal(await outcome(outbound, inside.url.replace("//", "//me:secret@"), named), "url_not_allowed");
  equal(inside.reached(), 0);
  equal(await outcome(outbound, inside.url, named), "answered 200");
  for (const _ of away) equal(await outcome(outbound, inside.url, named), "redirected");
  equal(other.reached(), 0);
});

Deno.test("a body goes on with 307 and 308 alone; another redirect is the answer", async () => {
  await using first = serving(async (req, times) =>
    times === 1 ? moved("/", 308) : times === 2 ? new Response(`${req.method} ${await req.text()}`) : moved("/", 302)
  );
  const post = get({ method: "POST", body: "once" });
  equal(text((await guard("localhost")(new URL(first.url), post)).body), "POST once");
  equal(await outcome(guard("localhost"), first.url, post), "answered 302");
});

Deno.test("of an answer no more is read than asked for", async () => {
  const endless = () => new ReadableStream({ pull: (to) => to.enqueue(new Uint8Array(65_536)) });
  await using inside = serving((req) =>
    new Response(new URL(req.url).pathname === "/endless" ? endless() : "x".repeat(1_000))
  );
  const [outbound, url] = [guard("localhost"), new URL(inside.url)];
  const sizes = async (path: string, most_bytes?: number) => {
    const { body, complete } = await outbound(new URL(path, url), get(most_bytes === undefined ? {} : { most_bytes }));
    return [body.byteLength, complete];
  };
  equal([await sizes("/", 1_000), await sizes("/", 999), await sizes("/", 0)], [[1_000, true], [999, false], [
    0,
    false,
  ]]);
  equal(await sizes("/endless"), [OUTBOUND_BYTES, false]);
});

Deno.test("gzip is understood, and a bomb is counted as what comes out of it", async () => {
  const zipped = (bytes: Uint8Array | string) => new Uint8Array(gzipSync(bytes));
  const bomb = zipped(new Uint8Array(64 * 1024 * 1024));
  const answers: [body: Uint8Array<ArrayBuffer>, coding: string][] = [
    [zipped("small"), "gzip"],
    [bomb, "gzip"],
    [zipped("small").subarray(0, 20), "GZIP"],
    [new TextEncoder().encode("no gzip"), "x-gzip"],
    [zipped(bomb), "gzip, gzip"],
    [zipped("small"), "br"],
  ];
  await using inside = serving((_req, times) => {
    const [body, coding = ""] = answers[times - 1] ?? [];
    return new Response(body ?? null, { headers: { "content-encoding": coding } });
  });
  const seen: unknown[] = [];
  for (const _ of answers) {
    const { status, body, complete } = await guard("localhost")(new URL(inside.url), get());
    seen.push([status, body.byteLength, complete]);
  }
  const unread = [200, 0, false];
  equal([seen[0], seen[1], seen[4], seen[5]], [[200, 5, true], [200, OUTBOUND_BYTES, false], unread, unread]);
  equal([seen[2], seen[3]].map((each) => Array.isArray(each) && each[2]), [false, false]);
});

Deno.test("a server that stalls, wherever it does, and a resolver that stalls, are given up after ten seconds", async () => {
  const head = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n";
  for (const said of ["", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 200 OK\r\nx-a: ", `${head}drip`]) {
    const clock = handClock();
    const spoken = Promise.withResolvers<void>();
    await using stalling = await saying((socket) => socket.write(said, () => spoken.resolve()));
    const call = outcome(guard("localhost", { clock }), stalling.url);
    await spoken.promise;
    await clock.pass(OUTBOUND_MS);
    equal([await call, clock.waiting()], ["timeout", 0], said);
  }
  const clock = handClock();
  const call = outcome(guard("", { clock, resolve: () => new Promise(() => {}) }), "http://slow.test/");
  await clock.pass(OUTBOUND_MS);
  equal([await call, clock.waiting()], ["timeout", 0]);
});

Deno.test("the caller's abortion ends an exchange with its own reason", async () => {
  const abort = new AbortController();
  await using stalling = await saying(() => abort.abort(new Error("The run is over")));
  const outbound = guard("localhost");
  await rejects(outbound(new URL(stalling.url), get({ signal: abort.signal })), /The run is over/);
  await rejects(outbound(new URL(stalling.url), get({ signal: abort.signal })), /The run is over/);
});

Deno.test("what is no HTTP has no answer; a body that breaks off has its status all the same", async () => {
  const flood = "x-flood: y\r\n".repeat(20_000);
  const nonsense = [
    "",
    "SSH-2.0-OpenSSH_9\r\n",
    `HTTP/1.1 200 OK\r\n${flood}\r\n`,
    "HTTP/1.1 200 OK\r\nx: a\0b\r\n\r\n",
  ];
  const upgrade = "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n";
  const smuggled = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n2\r\nhi\r\n0\r\n\r\n";
  for (const said of [...nonsense, upgrade, smuggled]) {
    await using server = await saying((socket) => said === upgrade ? socket.write(said) : socket.end(said));
    equal(await outcome(guard("localhost"), server.url), "unreachable", said.slice(0, 80));
  }
  await using broken = await saying((socket) => socket.end("HTTP/1.1 202 Accepted\r\ncontent-length: 9\r\n\r\nhalf"));
  const { status, body, complete } = await guard("localhost")(new URL(broken.url), get());
  equal([status, text(body), complete], [202, "half", false]);
});

Deno.test("with TLS the name is asked for, and its certificate is checked, though an address is connected to", async () => {
  const { cert, key } = await certificateOf("hook.test");
  const asked: unknown[] = [];
  const server = createTlsServer({ cert, key }, (socket) => {
    asked.push("servername" in socket ? socket.servername : null);
    socket.on("error", () => {});
    socket.resume().write("HTTP/1.1 204 No Content\r\n\r\n");
  });
  const port = await new Promise<number>((listening) =>
    server.listen(0, "127.0.0.1", () => listening(Number(Object(server.address()).port)))
  );
  try {
    const trusting = guard("hook.test,other.test,127.0.0.1", { ca: cert });
    equal(await outcome(trusting, `https://hook.test:${port}/`), "answered 204");
    equal(asked, ["hook.test"]);
    equal(await outcome(trusting, `https://other.test:${port}/`), "unreachable");
    equal(await outcome(trusting, `https://127.0.0.1:${port}/`), "unreachable");
    equal(await outcome(guard("hook.test"), `https://hook.test:${port}/`), "unreachable");
  } finally {
    await new Promise<void>((closed) => server.close(() => closed()));
  }
});
