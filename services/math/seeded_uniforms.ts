/**
 * Uniform numbers in [0, 1) from a seed, the same for the same text, so that a simulation can be run again.
 *
 * The text is hashed by FNV-1a (Fowler, Noll & Vo 1991); the numbers are those of mulberry32 (Ettinger 2017), which
 * has a period of 2³² and is not for secrets.
 * @example
 * ```ts
 * seededUniforms("goal")() === seededUniforms("goal")(); // true
 * ```
 */
export function seededUniforms(seed: string): () => number {
  let state = 0x811c9dc5;
  for (let i = 0; i < seed.length; i++) state = Math.imul(state ^ seed.charCodeAt(i), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
