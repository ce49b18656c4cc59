/** Where identifiers and randomness come from. */
export interface Ids {
  /** A UUID of version 7 (RFC 9562), lower case. */
  uuid(): string;
  /** `length` random bytes fit for secrets. */
  bytes(length: number): Uint8Array;
  /** Uniform in [0, 1), for jitter. */
  random(): number;
}
