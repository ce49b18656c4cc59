import type { Outlook } from "../forecast_schema.ts";
import { handOutlook } from "./hand_outlook.ts";
import type { OutlookInput } from "./input.ts";
import { seriesOutlook } from "./series_outlook.ts";

/**
 * What the history of a goal says about its end: pure, and always the same for the same input.
 * Takes some 10–100 ms, so it belongs beside the event loop.
 */
export function goalOutlook(input: OutlookInput): Outlook {
  const { source } = input;
  return source.by === "series" ? seriesOutlook(input, source) : handOutlook(input, source);
}
