/**
 * What the two Node yardsticks have in common: they take the words that our worker takes (prepare N, go N, rest), and
 * say the same messages.
 */
import { createRequire } from "node:module";
import process from "node:process";
import { createInterface } from "node:readline";

/** Loads a package from the folder that the benchmark installed it to. */
export const load = createRequire(`${process.env.MODULES}/`);

const instant = () => performance.timeOrigin + performance.now();
const say = (message) => process.stdout.write(`${JSON.stringify({ at: instant(), ...message })}\n`);

/** A handler's tally: says when the wanted number of runs has begun. */
export function tally(wanted) {
  let [begun, first] = [0, 0];
  return (n) => {
    if (begun === 0) first = instant();
    begun += n;
    if (begun === wanted) say({ what: "done", first, last: instant() });
  };
}

/** Does what each word asks for, in turn, until the other end is gone. */
export async function obey(words) {
  for await (const line of createInterface({ input: process.stdin })) {
    const [word, n] = line.split(" ");
    await words[word](Number(n));
    say({ what: `${word} heard` });
  }
  process.exit(0);
}
