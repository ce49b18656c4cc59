import { deepStrictEqual as equal, throws } from "node:assert/strict";
import { readConfig } from "../../services/config.ts";
import { isAddress, isPublicAddress } from "../../services/outbound/address.ts";
import { allowedHosts, isAllowed, isCallable } from "../../services/outbound/target.ts";

/** First and last addresses of IANA's special-purpose registries (RFC 6890 and its successors), with their names. */
const INSIDE: Record<string, string> = {
  "this host": "0.0.0.0 0.255.255.255",
  private: "10.0.0.0 10.255.255.255 172.16.0.0 172.31.255.255 192.168.0.0 192.168.255.255",
  "carrier-grade NAT": "100.64.0.0 100.127.255.255",
  loopback: "127.0.0.0 127.0.0.1 127.255.255.255",
  "link-local": "169.254.0.0 169.254.255.255",
  "metadata of clouds": "169.254.169.254 169.254.170.2 100.100.100.200 192.0.0.192 168.63.129.16 fd00:ec2::254",
  "protocol assignments": "192.0.0.0 192.0.0.255 192.88.99.1",
  documentation: "192.0.2.1 198.51.100.7 203.0.113.9 2001:db8:: 2001:db8:ffff:: 3fff:: 3fff:fff:ffff::",
  benchmarking: "198.18.0.0 198.19.255.255 2001:2::1",
  multicast: "224.0.0.0 239.255.255.255 ff02::1 ff0e::1",
  "reserved and broadcast": "240.0.0.0 255.255.255.255 4000::1 5f00::1 100::1",
  "unspecified and loopback of IPv6": ":: ::1 0:0:0:0:0:0:0:1",
  "IPv4-compatible": "::127.0.0.1 ::7f00:1 ::8.8.8.8",
  "IPv4-mapped": "::ffff:127.0.0.1 ::ffff:a00:1 ::FFFF:8.8.8.8",
  "IPv4-translated": "::ffff:0:127.0.0.1",
  NAT64: "64:ff9b::127.0.0.1 64:ff9b::808:808 64:ff9b:1::1",
  Teredo: "2001:: 2001:0:7f00:1::",
  ORCHID: "2001:10::1 2001:20::1 2001:1ff:ffff::",
  "6to4": "2002:7f00:1:: 2002:c0a8:1::1",
  "unique local": "fc00:: fd12:3456::1 fdff:ffff::",
  "link-local and site-local of IPv6": "fe80::1 febf:: fec0::1 feff::",
};

/** Their neighbours, and what is known to be public. */
const OUTSIDE = "1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 " +
  "169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 192.0.1.0 192.167.255.255 192.169.0.0 198.17.255.255 " +
  "198.20.0.0 223.255.255.255 168.63.129.15 168.63.129.17 2000:: 2001:200::1 2001:4860:4860::8888 2001:db7:ffff:: " +
  "2001:db9:: 2003:: 2606:4700:4700::1111 2a00:1450:4001:81b::200e 3ffe:: 3fff:1000::";

for (const [kind, addresses] of Object.entries(INSIDE)) {
  Deno.test(`addresses are not public: ${kind}`, () => {
    equal(addresses.split(" ").filter((address) => !isAddress(address) || isPublicAddress(address)), []);
  });
}

Deno.test("addresses beside the special ones are public", () => {
  equal(OUTSIDE.split(" ").filter((address) => !isPublicAddress(address)), []);
});

Deno.test("what is no address is not public", () => {
  const none = ["", "localhost", "1.1.1", "1.1.1.1.", "01.1.1.1.1", "256.1.1.1", "0x1.1.1.1", "1.1.1.1 ", "8.8.8.8/8"];
  const noneOfV6 = [
    "[2606::1]",
    "2606::1%eth0",
    "2606::1]/[",
    "2606:::1",
    "2606",
    ":",
    "1:2:3:4:5:6:7:8:9",
    "fe80::%1",
  ];
  equal([...none, ...noneOfV6].filter((text) => isAddress(text) || isPublicAddress(text)), []);
});

Deno.test("only http and https without user name and password are callable", () => {
  const callable = (text: string) => isCallable(new URL(text));
  equal(["http://a.example/", "HTTPS://a.example:8443/x?y"].filter((text) => !callable(text)), []);
  const not = ["ftp://a.example/", "file:///etc/passwd", "javascript:1", "data:,x", "ws://a.example", "gopher://a:70/"];
  const withUser = ["http://me@a.example/", "http://:secret@a.example/", "https://a.example@b.example/"];
  equal([...not, ...withUser].filter(callable), []);
});

Deno.test("a host is allowed by its name as URLs spell it, and by its port where one is named", () => {
  const allowed = allowedHosts(" localhost:9000, CRM.internal ,[::1]:80,0x7f.2");
  const passes = (text: string) => isAllowed(new URL(text), allowed ?? []);
  const yes = ["http://localhost:9000/", "https://crm.internal/", "http://CRM.internal:81/", "http://[0::1]/"];
  equal([...yes, "http://127.0.0.2/"].filter((text) => !passes(text)), []);
  const no = ["http://localhost/", "http://localhost.:9000/", "http://127.0.0.1:9000/", "https://[::1]/"];
  equal([...no, "http://crm.internal.example/", "http://a.crm.internal/"].filter(passes), []);
});

Deno.test("a list of allowed hosts that holds anything else refuses to start, and says what is legal", () => {
  equal(readConfig({}).OUTBOUND_ALLOWED_HOSTS, []);
  equal(readConfig({ OUTBOUND_ALLOWED_HOSTS: "a:1,b" }).OUTBOUND_ALLOWED_HOSTS, [
    { host: "a", port: "1" },
    { host: "b", port: null },
  ]);
  for (const list of ["http://a", "*", "*.example", "a/b", "a:b", "a:99999", "me@a", "::1", "a b", "[::1", "%6c"]) {
    throws(
      () => readConfig({ OUTBOUND_ALLOWED_HOSTS: list }),
      /OUTBOUND_ALLOWED_HOSTS: must be host or host:port/,
      list,
    );
  }
});
