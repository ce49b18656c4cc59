import type { Outlook } from "../forecast_schema.ts";
import type { GoalTerms } from "../progress.ts";

/** What an advice rests on. */
export type Grounds =
  & Pick<Outlook, "probability" | "forecast_value" | "daily_required" | "daily_forecast">
  & { terms: GoalTerms & { unit: string }; reached: boolean; ceiling: boolean };

/** From this probability on nothing needs to change. */
const LIKELY = 0.8;
/** From this one on it is likelier than not, and the forecast need not be beaten. */
const EVEN = 0.5;
/** Below this one, more of the same does not help. */
const UNLIKELY = 0.2;

/** What to do about a goal, in one sentence that says the numbers it rests on. */
export function advise(grounds: Grounds): Outlook["recommended_action"] {
  const { probability, terms, reached, ceiling } = grounds;
  if (probability === null) return { code: "none", text: "There is no probability to act on." };
  const outcome = terms.direction === "maintain" ? "keep it" : ceiling ? "stay within it" : "reach it";
  const odds = `${percent(probability)} of the simulated paths ${outcome}`;
  const numbers = comparison(grounds);
  if (terms.direction === "maintain") {
    if (probability >= LIKELY) return { code: "keep_going", text: `Keep going: the band is likely to hold, ${odds}.` };
    return probability > 0
      ? { code: "change_plan", text: `The band is at risk: ${odds} to the end.` }
      : { code: "change_plan", text: "The band cannot be kept on every day any more; set a new one." };
  }
  if (reached && !ceiling && probability === 1) return { code: "none", text: "The target is reached for good." };
  if (ceiling && !reached && probability === 0) {
    return { code: "change_plan", text: `The limit of ${amount(terms.target_value, terms.unit)} is passed for good.` };
  }
  if (probability >= LIKELY) return { code: "keep_going", text: `Keep going: ${numbers}; ${odds}.` };
  if (probability < UNLIKELY) {
    return { code: "change_plan", text: `Change the plan or the target: ${numbers}; ${odds}.` };
  }
  if (probability >= EVEN) return { code: "watch", text: `Watch it: ${numbers}; ${odds}.` };
  const code = ceiling ? "slow_down" : "speed_up";
  return { code, text: `${ceiling ? "Slow down" : "Speed up"}: ${numbers}; ${odds}.` };
}

/** The days' need beside what they are expected to bring, or the final value beside the target. */
function comparison({ terms, forecast_value, daily_required, daily_forecast, ceiling }: Grounds): string {
  const { unit, target_value } = terms;
  if (daily_required === null || daily_forecast === null) {
    return `the forecast is ${amount(forecast_value ?? 0, unit)}, the target ${amount(target_value, unit)}`;
  }
  const need = `${ceiling ? "the limit allows" : "the target needs"} ${amount(daily_required, unit)} a day`;
  const ratio = daily_forecast > 0 && daily_required > 0 ? daily_required / daily_forecast : null;
  const beside = ratio === null ? "the forecast has" : `${distance(ratio)} the forecast's`;
  return `${need}, ${beside} ${amount(daily_forecast, unit)}`;
}

/** How far a need lies from the forecast, in whole percent; what differs by less is not told to be the same. */
function distance(ratio: number): string {
  if (Math.abs(ratio - 1) < 1e-9) return "as much as";
  const points = Math.round(100 * Math.abs(ratio - 1));
  return `${points === 0 ? "a little" : `${points} %`} ${ratio > 1 ? "above" : "below"}`;
}

/** Three digits of what is small, whole numbers of what is large; a bare count needs no unit. */
function amount(value: number, unit: string): string {
  const digits = Math.abs(value) >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 };
  return `${value.toLocaleString("en-US", digits)}${unit === "count" ? "" : ` ${unit}`}`;
}

function percent(share: number): string {
  const points = Math.round(100 * share);
  if (points === 0 && share > 0) return "fewer than 1 %";
  if (points === 100 && share < 1) return "more than 99 %";
  return `${points} %`;
}
