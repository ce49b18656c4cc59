import { polynomial } from "./polynomial.ts";

/**
 * The standard normal quantile: the z with P(Z ≤ z) = p, for 0 < p < 1.
 *
 * Relative error about 1e-16. Null for p outside (0, 1) and for NaN.
 * Algorithm AS 241, PPND16 (Wichura 1988, Applied Statistics 37).
 * @example
 * ```ts
 * normalQuantile(0.975); // 1.959964
 * ```
 */
export function normalQuantile(p: number): number | null {
  if (!(p > 0 && p < 1)) return null;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(MIDDLE.above, r)) / polynomial(MIDDLE.below, r);
  }
  const r = Math.sqrt(-Math.log(Math.min(p, 1 - p)));
  const { above, below, centre } = r <= 5 ? TAIL : FAR_TAIL;
  const z = polynomial(above, r - centre) / polynomial(below, r - centre);
  return q < 0 ? -z : z;
}

const MIDDLE = {
  above: [
    3.3871328727963666,
    133.14166789178438,
    1971.5909503065514,
    13731.693765509461,
    45921.95393154987,
    67265.7709270087,
    33430.57558358881,
    2509.0809287301227,
  ],
  below: [
    1,
    42.31333070160091,
    687.1870074920579,
    5394.196021424751,
    21213.794301586597,
    39307.89580009271,
    28729.085735721943,
    5226.495278852855,
  ],
};

const TAIL = {
  centre: 1.6,
  above: [
    1.4234371107496835,
    4.630337846156546,
    5.769497221460691,
    3.6478483247632045,
    1.2704582524523684,
    0.2417807251774506,
    0.022723844989269184,
    0.0007745450142783414,
  ],
  below: [
    1,
    2.053191626637759,
    1.6763848301838038,
    0.6897673349851,
    0.14810397642748008,
    0.015198666563616457,
    0.0005475938084995345,
    1.0507500716444169e-9,
  ],
};

const FAR_TAIL = {
  centre: 5,
  above: [
    6.657904643501103,
    5.463784911164114,
    1.7848265399172913,
    0.29656057182850487,
    0.026532189526576124,
    0.0012426609473880784,
    0.000027115555687434876,
    2.0103343992922881e-7,
  ],
  below: [
    1,
    0.599832206555888,
    0.1369298809227358,
    0.014875361290850615,
    0.0007868691311456133,
    0.000018463183175100548,
    1.421511758316446e-7,
    2.0442631033899397e-15,
  ],
};
