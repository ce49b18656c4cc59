/** NIST StRD data for one-way analysis of variance, with their certified F (from the copies that SciPy's tests carry). */
export type CertifiedAnova = { name: string; groups: number[][]; f: number; r_squared: number; digits: number };

/** SiRstv: the resistance of silicon by five instruments. */
const SIRSTV = [
  [196.3052, 196.1240, 196.1890, 196.2569, 196.3403],
  [196.3042, 196.3825, 196.1669, 196.3257, 196.0422],
  [196.1303, 196.2005, 196.2889, 196.0343, 196.1811],
  [196.2795, 196.1748, 196.1494, 196.1485, 195.9885],
  [196.2119, 196.1051, 196.1850, 196.0052, 196.2090],
];

/** AtmWtAg: the atomic weight of silver by two instruments; digits after 107.868. */
const ATMWTAG = [
  "1568 1465 1572 1785 1446 1903 1526 1494 1616 1587 1519 1486 1419 1569 1508 1672 1385 1518 1662 1424 1360 1333 1610 1477",
  "1079 1344 1513 1197 1604 1385 1642 1365 1151 1082 1517 1448 1198 1482 1334 1609 1101 1512 1469 1360 1254 1261 1450 1368",
].map((line) => line.split(" ").map((digits) => Number(`107.868${digits}`)));

/** SmLs01 to SmLs09 are built so (Simon & Lesage 1989): the mean once, then a tenth below and a tenth above it by turns. */
function simonLesage(leading: string, replicates: number): number[][] {
  return [4, 3, 5, 3, 5, 3, 5, 3, 5].map((tenths) =>
    Array.from(
      { length: replicates },
      (_, i) => Number(`${leading}.${i === 0 ? tenths : tenths + (i % 2 === 0 ? 1 : -1)}`),
    )
  );
}

/**
 * `digits` is how many of F can be had from the data as doubles: 1000000000000.4 is stored 6e-5 off, where the spread is
 * 0.1; of the rest one or two are left to rounding.
 */
export const CERTIFIED_ANOVA: readonly CertifiedAnova[] = [
  { name: "SiRstv", groups: SIRSTV, f: 1.18046237440255, r_squared: 1.90999039051129e-1, digits: 12 },
  { name: "AtmWtAg", groups: ATMWTAG, f: 15.9467335677930, r_squared: 2.57426544538321e-1, digits: 8 },
  ...(["1", "1000000", "1000000000000"] as const).flatMap((leading, level) =>
    ([[21, 21, 0.482758620689655], [201, 201, 0.471830985915493], [2001, 2001, 0.470712773465067]] as const).map(
      ([replicates, f, r_squared], size) => ({
        name: `SmLs0${3 * level + size + 1}`,
        groups: simonLesage(leading, replicates),
        ...{ f, r_squared, digits: [13, 8, 2][level] ?? 0 },
      }),
    )
  ),
];
