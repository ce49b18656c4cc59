/** A range of the value of one gift in the currency of the answer, from inclusive, to exclusive. */
export type GiftBand = { name: string; from: number | null; to: number | null };

/** The size bands of a single gift: small, regular, middle and major giving. A round sum belongs to the band it begins. */
export const GIFT_BANDS: readonly GiftBand[] = [
  { name: "under 50", from: null, to: 50 },
  { name: "50 to 99", from: 50, to: 100 },
  { name: "100 to 249", from: 100, to: 250 },
  { name: "250 to 999", from: 250, to: 1_000 },
  { name: "1,000 to 9,999", from: 1_000, to: 10_000 },
  { name: "10,000 and more", from: 10_000, to: null },
];

/** Where the second band and all after it begin. */
export const BAND_BOUNDS: readonly number[] = GIFT_BANDS.flatMap(({ from }) => from ?? []);

/** Days from a partner's last interaction to the period's last day, both ends included; null has no end. */
export type RecencyRange = { name: string; from_days: number; to_days: number | null };

/** The ranges of recency. */
export const RECENCY: readonly RecencyRange[] = [
  { name: "0 to 30 days", from_days: 0, to_days: 30 },
  { name: "31 to 90 days", from_days: 31, to_days: 90 },
  { name: "91 to 180 days", from_days: 91, to_days: 180 },
  { name: "181 to 365 days", from_days: 181, to_days: 365 },
  { name: "over 365 days", from_days: 366, to_days: null },
];

/** Where the second range and all after it begin. */
export const RECENCY_BOUNDS: readonly number[] = RECENCY.slice(1).map((range) => range.from_days);
