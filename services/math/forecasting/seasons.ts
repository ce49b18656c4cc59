import { annualCycle } from "./annual_cycle.ts";
import { at } from "./at.ts";
import { type Season, seasonAt, type SeasonKind, seasonOf } from "./season.ts";

/** A history without its seasons, and the way back. */
export type Adjusted = {
  values: Float64Array;
  /** The same of what was learnt from. */
  learnt: Float64Array;
  season: Season | null;
  annual: boolean;
  /** How many values the seasons have used up. */
  freedom: number;
  /** What the season makes of a level expected at `place` (0 for the first value of the history). */
  restore(level: number, place: number): number;
  /** What the season multiplies an error by at `place`. */
  factor(place: number): number;
};

/** What decides which seasons are looked for. */
export type SeasonQuestion = {
  season_length: number;
  /** How far apart the values are; only days and weeks are looked at for the time of the year as well. */
  spacing: "day" | "week" | "longer";
  kind: SeasonKind;
  horizon: number;
};

/** Values to a year, and to the blocks of the annual regression: neighbours err alike, so they count as one. */
const YEARS = { day: { period: 365.25, block: 7 }, week: { period: 365.25 / 7, block: 2 } };
/** A longer season of days or weeks is the time of the year, which `annualCycle` finds in fewer values. */
const LONGEST_SHORT_SEASON = 31;
/** What an index's weight falls by a season back: weekdays are learnt from the last half year, months from six. */
const DECAYS = { day: 0.98, week: 0.85, longer: 0.85 };

/** Takes the time of the year and the season out of a history, as `learnt` has them; a season of 1 takes nothing. */
export function withoutSeasons(values: Float64Array, learnt: Float64Array, question: SeasonQuestion): Adjusted {
  const { season_length, spacing, kind, horizon } = question;
  const year = season_length > 1 && spacing !== "longer" ? YEARS[spacing] : null;
  const cycle = year === null ? null : annualOf(learnt, kind, year, horizon);
  const amount = (place: number) => cycle === null ? neutral(kind) : at(cycle.amounts, place);
  const rest = (value: number, i: number) => kind === "multiplicative" ? value / amount(i) : value - amount(i);
  const season = year !== null && season_length > LONGEST_SHORT_SEASON
    ? null
    : seasonOf(learnt.map(rest), season_length, kind, DECAYS[spacing]);
  const index = (place: number) => season === null ? neutral(kind) : seasonAt(season, place);
  const indexFreedom = season === null ? 0 : (season.length - 1) * season.reliability;
  // A factor of 0 (a weekday that is always closed) has no level to tell: the value stands for itself, 0 as well.
  const level = (value: number, i: number) =>
    kind === "additive" ? value - index(i) : index(i) > 0 ? value / index(i) : value;
  return {
    values: values.map(rest).map(level),
    learnt: learnt.map(rest).map(level),
    season,
    annual: cycle !== null,
    freedom: indexFreedom + (cycle?.freedom ?? 0),
    restore: (level, place) =>
      kind === "multiplicative" ? level * index(place) * amount(place) : level + index(place) + amount(place),
    factor: (place) => kind === "multiplicative" ? Math.max(0, index(place) * amount(place)) : 1,
  };
}

function neutral(kind: SeasonKind): number {
  return kind === "multiplicative" ? 1 : 0;
}

/** Multiplicative cycles are added up as logarithms, of at least a fiftieth of the mean: one closed day is no cycle. */
function annualOf(values: Float64Array, kind: SeasonKind, year: { period: number; block: number }, horizon: number) {
  if (kind === "additive") return annualCycle(values, year.period, year.block, horizon);
  const least = values.reduce((sum, value) => sum + value, 0) / values.length / 50;
  const logs = values.map((value) => Math.log(Math.max(least, value)));
  const cycle = annualCycle(logs, year.period, year.block, horizon);
  return cycle === null ? null : { ...cycle, amounts: cycle.amounts.map(Math.exp) };
}
