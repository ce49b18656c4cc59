/** A TCP proxy on the loopback between the service and Postgres, for tests of a server that goes away. */
export type Proxy = {
  port: number;
  /** From now on nothing passes: connections stay open and silent, as those of a frozen server do. */
  freeze(): void;
  /** What was held back passes again. */
  thaw(): void;
  /** Cuts every connection and refuses new ones, as a stopped server does. */
  stop(): void;
  /** Listens again on the same port. */
  start(): void;
  close(): Promise<void>;
};

export function startProxy(target: { hostname: string; port: number }): Proxy {
  let gate: PromiseWithResolvers<void> | null = null;
  let listener: Deno.TcpListener | null = null;
  const connections = new Set<Deno.Conn>();
  const work = new Set<Promise<void>>();

  const pump = async (from: Deno.Conn, to: Deno.Conn) => {
    const chunk = new Uint8Array(64 * 1024);
    try {
      for (let n = await from.read(chunk); n !== null; n = await from.read(chunk)) {
        while (gate !== null) await gate.promise;
        for (let at = 0; at < n;) at += await to.write(chunk.subarray(at, n));
      }
    } catch {
      // one side went away, which is what these tests are about
    }
    for (const conn of [from, to]) if (connections.delete(conn)) conn.close();
  };
  const accept = async (own: Deno.TcpListener) => {
    for await (const near of own) {
      const far = await Deno.connect(target);
      connections.add(near).add(far);
      for (const pumping of [pump(near, far), pump(far, near)]) {
        work.add(pumping);
        pumping.finally(() => work.delete(pumping));
      }
    }
  };
  const listen = (port: number) => {
    const own = listener = Deno.listen({ hostname: "127.0.0.1", port });
    const accepting = accept(own).catch(() => {}); // closed while accepting
    work.add(accepting);
    accepting.finally(() => work.delete(accepting));
    return own.addr.port;
  };
  const port = listen(0);
  const thaw = () => {
    gate?.resolve();
    gate = null;
  };
  const stop = () => {
    listener?.close();
    listener = null;
    for (const conn of connections) conn.close();
    connections.clear();
    thaw();
  };
  return {
    port,
    freeze: () => void (gate ??= Promise.withResolvers()),
    thaw,
    stop,
    start: () => void listen(port),
    async close() {
      stop();
      await Promise.all(work);
    },
  };
}
