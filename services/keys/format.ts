/**
 * An API key as its holder sees it: `ak_<id>_<secret><crc>`. The id is public and finds the row; of the secret only a
 * SHA-256 is stored. The checksum refuses what was mistyped, cut off or made up before anything is looked up, and lets
 * scanners of source code tell a real key from a chance match.
 */
export type KeyParts = { id: string; secret: string };

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const ID_LENGTH = 12;
const SECRET_LENGTH = 32; // 190.5 bits
const CHECKSUM_LENGTH = 6;
const SHAPE = new RegExp(
  `^ak_([0-9A-Za-z]{${ID_LENGTH}})_([0-9A-Za-z]{${SECRET_LENGTH}})[0-9A-Za-z]{${CHECKSUM_LENGTH}}$`,
);

/** The key as text: the only time the secret leaves the process that made it. */
export function formatKey({ id, secret }: KeyParts): string {
  const text = `ak_${id}_${secret}`;
  return text + checksum(text);
}

/** The parts of a key, or null where it is malformed or its checksum is wrong. */
export function parseKey(key: string): KeyParts | null {
  const [, id, secret] = SHAPE.exec(key) ?? [];
  if (id === undefined || secret === undefined) return null;
  return key.endsWith(checksum(key.slice(0, -CHECKSUM_LENGTH))) ? { id, secret } : null;
}

/**
 * A new id and a new secret, every character equally likely.
 * @param bytes gives that many random bytes fit for secrets
 */
export function makeKey(bytes: (length: number) => Uint8Array): KeyParts {
  return { id: base62(ID_LENGTH, bytes), secret: base62(SECRET_LENGTH, bytes) };
}

/** Bytes beyond the last multiple of 62 are drawn again: a plain remainder would favour the first eight characters. */
function base62(length: number, bytes: (length: number) => Uint8Array): string {
  let text = "";
  while (text.length < length) {
    for (const byte of bytes(length - text.length)) {
      if (byte < 248) text += ALPHABET.charAt(byte % 62);
    }
  }
  return text;
}

/** The CRC-32 of a text, as six characters, the most significant first. */
function checksum(text: string): string {
  let left = crc32(text);
  let digits = "";
  for (let i = 0; i < CHECKSUM_LENGTH; i++) {
    digits = ALPHABET.charAt(left % 62) + digits;
    left = Math.floor(left / 62);
  }
  return digits;
}

const CRC_TABLE = new Int32Array(256).map((_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
  return remainder;
});

/**
 * CRC-32 of an ASCII text (ISO 3309, ITU-T V.42; the one of gzip and PNG), from 0 to 2^32 - 1.
 * @example
 * ```ts
 * crc32("123456789"); // 0xcbf43926, the check value of the catalogue of CRCs
 * ```
 */
export function crc32(text: string): number {
  let crc = -1;
  for (let i = 0; i < text.length; i++) crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ text.charCodeAt(i)) & 0xff] ?? 0);
  return ~crc >>> 0;
}
