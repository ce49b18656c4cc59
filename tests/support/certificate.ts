/** Certificates for tests, made on the spot: no key lies in the repository, and none expires. */

const der = (tag: number, ...parts: Uint8Array[]): Uint8Array => {
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Uint8Array.from([tag, ...length, ...parts.flatMap((part) => [...part])]);
};
const bytes = (...values: number[]) => Uint8Array.from(values);
const ascii = (text: string) => new TextEncoder().encode(text);
const sequence = (...parts: Uint8Array[]) => der(0x30, ...parts);
const bits = (content: Uint8Array) => der(0x03, bytes(0), content);
const oid = (hex: string) => der(0x06, Uint8Array.fromHex(hex));

const ECDSA_SHA256 = sequence(oid("2a8648ce3d040302"));
const name = (text: string) => sequence(der(0x31, sequence(oid("550403"), der(0x0c, ascii(text)))));

/** A certificate of a host (X.509 v3, RFC 5280) that signs itself, and its key, both as PEM. */
export async function certificateOf(host: string): Promise<{ cert: string; key: string }> {
  const curve = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const { privateKey, publicKey } = await crypto.subtle.generateKey(curve, true, ["sign", "verify"]);
  const names = sequence(der(0x82, ascii(host)));
  const body = sequence(
    der(0xa0, der(0x02, bytes(2))),
    der(0x02, bytes(1)),
    ECDSA_SHA256,
    name(host),
    sequence(der(0x17, ascii("200101000000Z")), der(0x17, ascii("491231235959Z"))),
    name(host),
    new Uint8Array(await crypto.subtle.exportKey("spki", publicKey)),
    der(0xa3, sequence(sequence(oid("551d11"), der(0x04, names)))),
  );
  const signature = new Uint8Array(await crypto.subtle.sign(curve, privateKey, Uint8Array.from(body)));
  const cert = sequence(body, ECDSA_SHA256, bits(signed(signature)));
  const key = new Uint8Array(await crypto.subtle.exportKey("pkcs8", privateKey));
  return { cert: pem("CERTIFICATE", cert), key: pem("PRIVATE KEY", key) };
}

/** WebCrypto writes r and s side by side; X.509 wants two integers. */
function signed(signature: Uint8Array): Uint8Array {
  const integer = (half: Uint8Array) => {
    const at = half.findIndex((byte) => byte !== 0);
    const digits = half.subarray(at);
    return der(0x02, (digits[0] ?? 0) & 0x80 ? bytes(0, ...digits) : digits);
  };
  return sequence(integer(signature.subarray(0, 32)), integer(signature.subarray(32)));
}

function pem(label: string, content: Uint8Array): string {
  const lines = content.toBase64().match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}
