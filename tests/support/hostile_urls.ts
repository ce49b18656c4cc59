/** URLs that try to reach a port of this machine, or of a neighbour, past a guard. */

/** What names resolve to in these tests. */
export const NAMES: Record<string, string[]> = {
  localhost: ["127.0.0.1"],
  "localhost.": ["127.0.0.1"],
  "hook.test": ["127.0.0.1"],
  "other.test": ["127.0.0.1"],
  "crm.internal": ["127.0.0.1"],
  "rebind.test": ["127.0.0.1"],
  "any.localhost": ["127.0.0.1"],
  "127.0.0.1.nip.test": ["127.0.0.1"],
  "allowed.test.evil.test": ["127.0.0.1"],
  "allowed.test.": ["127.0.0.1"],
  "xallowed.test": ["127.0.0.1"],
  "loopback6.test": ["::1"],
  "mapped.test": ["::ffff:127.0.0.1"],
  "zone.test": ["fe80::1%lo"],
  "unspecified.test": ["0.0.0.0"],
  "mixed.test": ["8.8.8.8", "127.0.0.1"],
  "mixed-last.test": ["2606:4700:4700::1111", "8.8.8.8", "::1"],
  "nat64.test": ["64:ff9b::7f00:1"],
  "garbage.test": ["not an address"],
  "private.test": ["10.1.2.3"],
  "metadata.google.internal": ["169.254.169.254"],
};

const SCHEMES = "ftp sftp gopher dict ldap tftp ws wss javascript blob about jar netdoc unix ssh".split(" ");

/** The loopback, as parsers of URLs and resolvers have been known to spell it. */
const LOOPBACK = [
  ..."127.0.0.1 127.1 127.0.1 127.0.0.2 127.255.255.254 127.0.0.1. 0 0.0.0.0 0x0 00".split(" "),
  ..."0x7f.1 0x7f000001 0x7F.0x0.0x0.0x1 0x7f.0.0.0x1 2130706433 0177.0.0.1 017700000001 0177.0x0.1".split(" "),
  ..."00000177.0.0.1 %31%32%37.0.0.1 127%2e0%2e0%2e1 ①②⑦.⓪.⓪.① １２７.0.0.1 127。0。0。1 127．0．0．1".split(" "),
  ..."127.0.0.1\u00ad 127.\t0.0.1 LOCALHOST localhost. ⓛⓞⓒⓐⓛⓗⓞⓢⓣ loc\nalhost".split(" "),
  ..."[::1] [::] [0:0:0:0:0:0:0:1] [0000::0001] [::127.0.0.1] [::ffff:127.0.0.1] [::ffff:7f00:1]".split(" "),
  ..."[::ffff:0:127.0.0.1] [64:ff9b::127.0.0.1] [64:ff9b:1::7f00:1] [2002:7f00:1::] [2001:0:7f00:1::]".split(" "),
];

/** Neighbours, and what answers questions about the machine at a cloud. */
const INSIDE = [
  ..."10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 0300.0250.1 0xa000001 100.64.0.1 169.254.1.1".split(" "),
  ..."169.254.169.254 0xA9FEA9FE 2852039166 0251.0376.0251.0376 169.254.43518 [::ffff:a9fe:a9fe]".split(" "),
  ..."100.100.100.200 192.0.0.192 168.63.129.16 [fd00:ec2::254] [::ffff:a00:1] [fc00::1] [fe80::1]".split(" "),
  ..."[fec0::1] [ff02::1] [2001:db8::1] [3fff::1] [100::1] [5f00::1] 192.0.2.1 198.18.0.1 198.51.100.1".split(" "),
  ..."203.0.113.1 224.0.0.1 240.0.0.1 255.255.255.255".split(" "),
];

/** All of them, at a port. */
export function hostileUrls(port: number): string[] {
  const names = Object.keys(NAMES);
  return [
    ...SCHEMES.map((scheme) => `${scheme}://127.0.0.1:${port}/`),
    ...["file:///etc/passwd", "file://localhost/etc/passwd", "data:text/plain,x", "javascript:alert(1)"],
    ...["me@", "me:secret@", ":secret@", "allowed.test@", "allowed.test:80@"].map((user) =>
      `http://${user}127.0.0.1:${port}/`
    ),
    ...[`http:127.0.0.1:${port}/`, `http:/127.0.0.1:${port}/`, `http:\\\\127.0.0.1:${port}\\`],
    ...[`http:////127.0.0.1:${port}/`, `https://127.0.0.1:${port}/`, `http://127.0.0.1:${port}\\@allowed.test/`],
    ...[`http://127.0.0.1:${port}#@allowed.test/`, `http://127.0.0.1:${port}?@allowed.test/`, "http://127.0.0.1:0/"],
    ...[...LOOPBACK, ...INSIDE, ...names].map((host) => `http://${host}:${port}/`),
  ];
}
