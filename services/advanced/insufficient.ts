import { type Period, plural, TERMS } from "./periods.ts";
import type { Steps } from "./steps.ts";

/** Beyond this nothing is known of how a series went on. */
const LONGEST_SILENCE_DAYS = 365;

/** A history, and how long ago its last reading was. */
export type Judged = { steps: Steps; period: Period; silent_days: number; name: string };

/** What a history lacks before anything can be fitted to it, in a sentence; null where it is enough. */
export function lack({ steps, period, silent_days, name }: Judged): string | null {
  const { kind, values, readings } = steps;
  const { fewest } = TERMS[period];
  if (silent_days > LONGEST_SILENCE_DAYS) return `The last reading of ${name} is over ${LONGEST_SILENCE_DAYS} days old`;
  if (kind !== "flow" && readings < fewest) {
    return `${plural(fewest, period)} with a reading are needed, and ${name} has ${readings}`;
  }
  if (kind === "sample" && readings * 2 < values.length) {
    return `Only ${readings} of the ${plural(values.length, period)} since the first reading of ${name} have one`;
  }
  if (values.length < fewest) {
    return `${fewest} complete ${period}s of history are needed, and ${name} has ${values.length}${since(steps)}`;
  }
  return null;
}

const since = ({ starts: [first] }: Steps) => first === undefined ? "" : `, from ${first} on`;

/** The sentence for values that no line or model goes through. */
export const beyondRange = (name: string) =>
  `The values of ${name} are too large or too close together for a model of them`;
