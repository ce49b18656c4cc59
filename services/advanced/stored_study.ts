import { z } from "@hono/zod-openapi";
import type { Study } from "./study.ts";

const number = z.number();
const share = number.nullable();

/** The scores of a model at each origin. */
export const OriginScores = z.array(z.strictObject({
  ...{ at: number, n: number, absolute_error: number, squared_error: number, signed_error: number },
  ...{ absolute_actual: number, absolute_change: number, squared_change: number, held: z.array(number) },
}));

/** What answers read of a study. */
const Legible = z.object({
  forecast: z.looseObject({
    ...{ model: z.string(), mean: z.array(number), spread: z.array(number), errors: z.array(number), floor: share },
    season: z.looseObject({ kind: z.enum(["additive", "multiplicative"]) }).nullable(),
    annual: z.boolean(),
  }),
  line: z.looseObject({ n: number, df: number, slope: number, residual_sd: number, sxx: number }),
  trend: z.looseObject({ trend: z.enum(["increasing", "decreasing", "stable"]), slope: number, p_value: number })
    .nullable(),
  strengths: z.looseObject({ trend_strength: share, seasonal_strength: share, season: z.array(number) }),
  backtest: z.looseObject({ engine: OriginScores.nullable(), linear_trend: OriginScores.nullable() }),
});

/** One step of what a forecast is made of. */
export const StoredForecast = z.strictObject({
  ...{ mean: z.array(number), spread: z.array(number), growth: number, errors: z.array(number), floor: share },
});

/** A study that comes back from the store. Its key names the version of the code that wrote it, and so its fields. */
export const StoredStudy = z.custom<Study>((value) => Legible.safeParse(value).success);
