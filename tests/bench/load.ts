/**
 * The load generator, a process of its own: reads plans as JSON lines, plays each, answers what came of it as a JSON
 * line. Plain TCP with keep-alive, so that it takes as little of the machine as it can from the servers it measures.
 * @module
 */

/** So many requests in all, taken in turn from the list, over so many connections at once. */
export type Plan = { port: number; connections: number; total: number; requests: string[] };

/** How long it took, and the latencies in ms; `wrong` is the first answer that was not 200 or 201. */
export type Played = { ms: number; p50: number; p99: number; bytes: number; wrong: string | null };

const utf8 = new TextEncoder();
const latin1 = new TextDecoder("latin1");
const NOTHING = new Uint8Array();

async function play({ port, connections, total, requests }: Plan): Promise<Played> {
  const encoded = requests.map((request) => utf8.encode(request));
  const conns = await Promise.all(
    Array.from({ length: connections }, () => Deno.connect({ hostname: "127.0.0.1", port })),
  );
  const latencies: number[] = [];
  let [next, bytes] = [0, 0];
  let wrong: string | null = null;

  const work = async (conn: Deno.TcpConn) => {
    conn.setNoDelay(true);
    const buffer = new Uint8Array(256 * 1024);
    while (next < total && wrong === null) {
      const request = encoded[next++ % encoded.length] ?? NOTHING;
      const began = performance.now();
      await send(conn, request);
      const answer = await receive(conn, buffer);
      latencies.push(performance.now() - began);
      bytes += answer.size;
      if (answer.status !== "200" && answer.status !== "201") wrong ??= answer.text;
    }
  };
  const began = performance.now();
  try {
    await Promise.all(conns.map(work));
  } finally {
    for (const conn of conns) conn.close();
  }
  const ms = performance.now() - began;
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? 0;
  return { ms, p50: at(0.5), p99: at(0.99), bytes, wrong };
}

async function send(conn: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await conn.write(bytes.subarray(at));
}

type Answer = { status: string; size: number; text: string };

/** One answer, with a length or in chunks. Only one is ever under way on a connection, so what comes belongs to it. */
async function receive(conn: Deno.Conn, buffer: Uint8Array): Promise<Answer> {
  let [filled, total] = [0, Infinity];
  let first: { status: string; text: string } | undefined;
  let end = "";
  while (filled < total) {
    const room = first === undefined ? buffer.subarray(filled) : buffer;
    const n = await conn.read(room);
    if (n === null) throw new Error("The server closed the connection");
    filled += n;
    if (first === undefined) {
      const text = latin1.decode(buffer.subarray(0, filled));
      const body = text.indexOf("\r\n\r\n") + 4;
      if (body < 4) continue;
      first = { status: text.slice(9, 12), text: text.slice(0, 2_000) };
      const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, body))?.[1];
      if (length !== undefined) total = body + Number(length);
    }
    if (total === Infinity) {
      end = (end + latin1.decode(room.subarray(Math.max(0, n - 5), n))).slice(-5);
      if (end === "0\r\n\r\n") break;
    }
  }
  return { status: first?.status ?? "", size: filled, text: first?.text ?? "" };
}

if (import.meta.main) {
  let text = "";
  for await (const chunk of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n")) {
      const line = text.slice(0, end);
      text = text.slice(end + 1);
      console.log(JSON.stringify(await play(JSON.parse(line)).catch((error) => ({ wrong: String(error) }))));
    }
  }
}
