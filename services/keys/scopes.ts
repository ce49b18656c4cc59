import { type Scope, SCOPES } from "../access.ts";

const KNOWN: ReadonlySet<string> = new Set(SCOPES);

/** The scopes among some words. Others mean something to another service, or to a later version of this one. */
export function scopesAmong(words: readonly string[]): ReadonlySet<Scope> {
  return new Set(words.filter((word): word is Scope => KNOWN.has(word)));
}
