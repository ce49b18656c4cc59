import type { Caller } from "../access.ts";

/** What verifies a signed token (JWT) of the organisation's auth service. */
export interface Tokens {
  /**
   * The caller that a good token stands for.
   * @throws {DomainError} `unauthenticated` for a token that is not good; `unavailable` when its issuer's keys are away
   */
  verify(token: string): Promise<Caller>;
}
