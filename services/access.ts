import { DomainError } from "./errors.ts";

/** What a token may do beside reading what is public. */
export const SCOPES = ["read", "write", "files", "act_as", "admin"] as const;
export type Scope = typeof SCOPES[number];

/**
 * Who asks. `anonymous` sees the public projection; `local` is everybody on the loopback in open mode;
 * `token` is an API key or a JWT, with the person it stands for.
 */
export type Caller =
  | { kind: "anonymous" }
  | { kind: "local" }
  | { kind: "token"; id: string; key: string; scopes: ReadonlySet<Scope> };

/** Stands in `created_by` where open mode is given no author. */
export const LOCAL_USER = "00000000-0000-0000-0000-000000000000";

/** Whether a caller holds a scope; open mode holds them all. */
export function may(caller: Caller, scope: Scope): boolean {
  return caller.kind === "local" || (caller.kind === "token" && caller.scopes.has(scope));
}

/**
 * Who is written down as the author: in open mode whom the body names, with a token its owner.
 * @throws {DomainError} `forbidden` when a token names somebody else without the scope `act_as`
 */
export function author(caller: Caller, named: string | undefined): string {
  if (caller.kind === "local") return named ?? LOCAL_USER;
  if (caller.kind === "anonymous") throw new DomainError("unauthenticated", "Writing needs a token");
  if (named === undefined || named === caller.id) return caller.id;
  if (caller.scopes.has("act_as")) return named;
  throw new DomainError("forbidden", "created_by names somebody else; that needs the scope act_as");
}
