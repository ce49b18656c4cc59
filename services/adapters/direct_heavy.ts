import { compute } from "../heavy/computations.ts";
import type { Heavy } from "../ports/heavy.ts";

/** Computes on the calling thread, with inputs and outputs cloned as on their way to a Worker and back. For tests. */
export const directHeavy: Heavy = {
  async compute(name, input, signal) {
    signal?.throwIfAborted();
    return await Promise.resolve(structuredClone(compute(name, structuredClone(input))));
  },
};
