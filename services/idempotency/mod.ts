import { claimKey, findKey, purgeKeys, storeAnswer } from "../../db/idempotency_keys.ts";
import type { Ctx } from "../context.ts";
import { DomainError } from "../errors.ts";

/** A request that may have an effect at most once: whose, under which key, and a fingerprint of what it asks. */
export type Once = { owner: string; key: string; request: string };

/** What is kept of an answer: its body, or the resource to render where it is finished after the commit. */
export type Answer = { status: number; resource: string | null; location: string | null; body: string | null };

/**
 * Runs an effect at most once per owner and key; later calls get the stored answer for 24 hours.
 *
 * The key commits in the transaction of the effect: after a crash anywhere, a retry either finds both or neither.
 * A failed effect stores nothing.
 * @param effect runs on the context that it is given, whose database is the transaction
 * @throws {DomainError} `invalid` when the key belongs to another request, `conflict` when it is under way elsewhere
 */
export function atMostOnce(
  ctx: Ctx,
  { owner, key, request }: Once,
  effect: (ctx: Ctx) => Promise<Answer>,
): Promise<Answer & { replayed: boolean }> {
  return ctx.db.transaction(async (tx) => {
    if (!await claimKey(tx, owner, key)) {
      throw new DomainError("conflict", "A request with this Idempotency-Key is under way");
    }
    const before = await findKey(tx, owner, key);
    if (before !== null) {
      if (before.request === request) return { ...before, replayed: true };
      const detail = "was used for another request in the last 24 hours";
      throw new DomainError("invalid", "The request is not valid", {
        errors: [{ pointer: "/header/idempotency-key", detail }],
      });
    }
    const answer = await effect({ ...ctx, db: tx });
    await storeAnswer(tx, owner, key, { request, ...answer });
    await purgeKeys(tx);
    return { ...answer, replayed: false };
  });
}
