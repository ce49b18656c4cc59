/** Where users may send this service. */

/** What a URL that is not callable is told. */
export const CALLABLE = "must be an http or https URL without user name and password";

/** Whether a URL is of the kind that is called at all; where its host leads is seen when it is called. */
export function isCallable(url: URL): boolean {
  return /^https?:$/.test(url.protocol) && url.username === "" && url.password === "" && url.hostname !== "";
}

/** The host of a URL as sockets want it: IPv6 without brackets. */
export const bareHost = (url: URL) => url.hostname.replace(/^\[|\]$/g, "");

/** The port that a URL leads to. */
export const portOf = (url: URL) => url.port !== "" ? url.port : url.protocol === "https:" ? "443" : "80";

/** A host that may be called wherever it leads: as URLs spell it, and its port, or null for all of them. */
export type AllowedHost = { host: string; port: string | null };

const ENTRY = /^(\[[\da-f:.]+\]|[^\s:/?#@\\[\]*%]+)(?::(\d{1,5}))?$/i;

/** Reads `host` and `host:port` from a list with commas; null where an entry is neither. */
export function allowedHosts(list: string): AllowedHost[] | null {
  const hosts: AllowedHost[] = [];
  for (const entry of list.split(",").map((each) => each.trim()).filter((each) => each !== "")) {
    const [, name = "", port] = ENTRY.exec(entry) ?? [];
    const host = URL.parse(`http://${name}/`)?.hostname;
    if (host === undefined || Number(port ?? 0) > 65_535) return null;
    hosts.push({ host, port: port === undefined ? null : String(Number(port)) });
  }
  return hosts;
}

/** Whether a URL leads to an allowed host, by name: what the name resolves to does not matter then. */
export function isAllowed(url: URL, allowed: readonly AllowedHost[]): boolean {
  return allowed.some(({ host, port }) => host === url.hostname && (port === null || port === portOf(url)));
}
