/** Which addresses belong to the public Internet, and so to nobody's inside. */

type Range = { start: bigint; length: number };

const range = (cidr: string): Range => {
  const [address = "", length = ""] = cidr.split("/");
  const start = bitsOf(address);
  if (start === null) throw new Error(`${cidr} is no range`);
  return { start: start.bits, length: Number(length) };
};

/** What IANA's registry of special IPv4 addresses (RFC 6890) keeps from the public, and what clouds do. */
const INSIDE_V4 = [
  ...["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"],
  ...["192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24"],
  ...["203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"],
  "168.63.129.16/32", // Azure's host: a public address that only its guests reach
].map(range);

/** The one part of IPv6 that is given to hosts of the Internet. Mapped, compatible and NAT64 forms lie outside. */
const OUTSIDE_V6 = range("2000::/3");

/** What is none in it: Teredo and others of the protocol itself, documentation twice, 6to4. */
const INSIDE_V6 = ["2001::/23", "2001:db8::/32", "3fff::/20", "2002::/16"].map(range);

/**
 * Whether an IP address is a public one. What does not look like an address is not.
 * @example
 * ```ts
 * isPublicAddress("::ffff:127.0.0.1"); // false: IPv4 in disguise, whatever it hides
 * ```
 */
export function isPublicAddress(address: string): boolean {
  const read = bitsOf(address);
  if (read === null) return false;
  const { bits, width } = read;
  const within = ({ start, length }: Range) => (bits ^ start) >> BigInt(width - length) === 0n;
  return width === 32 ? !INSIDE_V4.some(within) : within(OUTSIDE_V6) && !INSIDE_V6.some(within);
}

/** Whether a text is an IP address, IPv6 without brackets. */
export function isAddress(text: string): boolean {
  return bitsOf(text) !== null;
}

function bitsOf(address: string): { bits: bigint; width: 32 | 128 } | null {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address)?.slice(1).map(Number);
  if (parts === undefined) return bitsOfV6(address);
  if (parts.some((part) => part > 255)) return null;
  return { bits: joined(parts, 8n), width: 32 };
}

/** The parser of URLs knows every spelling of IPv6 and writes one: up to 8 groups in hex, with at most one `::`. */
function bitsOfV6(address: string): { bits: bigint; width: 128 } | null {
  const host = /^[\da-f:.]+$/i.test(address) ? URL.parse(`http://[${address}]/`)?.hostname : undefined;
  if (host === undefined) return null;
  const [before = "", after = ""] = host.slice(1, -1).split("::");
  const groups = (text: string) => text === "" ? [] : text.split(":").map((group) => parseInt(group, 16));
  const [left, right] = [groups(before), groups(after)];
  const zeros = new Array<number>(8 - left.length - right.length).fill(0);
  return { bits: joined([...left, ...zeros, ...right], 16n), width: 128 };
}

function joined(parts: number[], each: bigint): bigint {
  return parts.reduce((bits, part) => bits << each | BigInt(part), 0n);
}
