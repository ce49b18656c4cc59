import { DomainError } from "../errors.ts";
import type { Clock } from "../ports/clock.ts";

/** What became of one piece of work. */
export type Outcome<T> = { done: true; value: T } | { done: false; error: unknown };

/** Pieces of one page under way at once, each of which holds at most one connection. */
export const AT_ONCE = 4;
/** Milliseconds that one piece has from its beginning, and that a page waits for all. */
export const PIECE_MS = 2_000;
export const PAGE_MS = 10_000;

/**
 * Does the pieces of a page in turns, each within its own time: one that fails or is late costs nobody else's answer.
 * What is late cannot be called back from the database, so it keeps its turn until it ends, unheard; a piece that found
 * no turn in the page's time never begins. When this answers, no timer is left behind.
 * @returns an outcome for each piece, in their order; those that are late have the error `timeout`
 */
export async function inTurns<T>(clock: Clock, pieces: readonly (() => Promise<T>)[]): Promise<Outcome<T>[]> {
  const answers = pieces.map(() => Promise.withResolvers<Outcome<T>>());
  const over = new AbortController();
  let next = 0;
  const takeTurns = async () => {
    while (next < pieces.length && !over.signal.aborted) {
      const i = next++;
      const [piece, answer] = [pieces[i], answers[i]];
      if (piece === undefined || answer === undefined) return;
      const ended = new AbortController();
      const late = clock.sleep(PIECE_MS, AbortSignal.any([ended.signal, over.signal]));
      late.then(() => answer.resolve(tooLate(PIECE_MS)));
      answer.resolve(await outcomeOf(piece)); // first: a timer that is called off would answer too
      ended.abort();
    }
  };
  const page = clock.sleep(PAGE_MS, over.signal).then(() => {
    for (const answer of answers) answer.resolve(tooLate(PAGE_MS));
  });
  for (let turn = 0; turn < Math.min(AT_ONCE, pieces.length); turn++) takeTurns();
  const outcomes = await Promise.all(answers.map(({ promise }) => promise));
  over.abort();
  await page;
  return outcomes;
}

async function outcomeOf<T>(piece: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { done: true, value: await piece() };
  } catch (error) {
    return { done: false, error };
  }
}

const tooLate = (ms: number): Outcome<never> => ({
  done: false,
  error: new DomainError("timeout", `No answer within ${ms / 1_000} s`),
});
