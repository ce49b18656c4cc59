import type { Config } from "../services/config.ts";
import type { Handle } from "./door.ts";

/** A listening service. */
export type Server = { origin: string; shutdown(): Promise<void> };

/**
 * Listens on the configured address, or without one on the loopback of both families.
 * `shutdown` takes no more connections and resolves when the requests under way are answered.
 */
export function serve(config: Config, handle: Handle): Server {
  const listen = (hostname: string, port: number) =>
    Deno.serve({ hostname, port, automaticCompression: true, onListen: () => {} }, handle);
  const first = listen(config.HOST ?? "127.0.0.1", config.PORT);
  const servers = [first];
  if (config.HOST === undefined) {
    try {
      servers.push(listen("::1", first.addr.port));
    } catch (error) {
      if (error instanceof Deno.errors.AddrInUse) throw error; // anything else: this machine has no IPv6
    }
  }
  const host = config.HOST === undefined ? "localhost" : config.HOST.includes(":") ? `[${config.HOST}]` : config.HOST;
  return {
    origin: `http://${host}:${first.addr.port}`,
    shutdown: async () => void await Promise.all(servers.map((server) => server.shutdown())),
  };
}
