import type { MetricKind } from "../../metrics/schema.ts";
import type { GoalTerms } from "../progress.ts";
import type { Aggregation } from "../schema.ts";
import type { SeriesDay } from "../window.ts";

/** What a goal that a series feeds is forecast from. */
export type SeriesSource = {
  by: "series";
  name: string;
  kind: MetricKind;
  /** Without gaps, from the first day with a reading to the last, which is today at the latest. */
  days: SeriesDay[];
  /** The last day before today on which the service sent any reading. */
  heard: string | null;
};

/** What a goal fed by hand is forecast from: its value at the end of the days on which somebody recorded it. */
export type HandSource = { by: "hand"; days: SeriesDay[] };

/** All that a forecast is computed from: plain data, fit to be cloned on its way to a Worker. */
export type OutlookInput = {
  /** What the paths are drawn with. */
  seed: string;
  terms: GoalTerms & { unit: string; aggregation: Aggregation };
  /** Today's local date, within the window or before it. */
  today: string;
  current_value: number;
  source: SeriesSource | HandSource;
};
