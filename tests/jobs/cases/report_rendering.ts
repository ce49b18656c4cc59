import { deepStrictEqual as equal } from "node:assert/strict";
import { createRegistry } from "../../../jobs/handlers.ts";
import { createRunner } from "../../../jobs/runner.ts";
import { compute } from "../../../services/heavy/computations.ts";
import type { Heavy } from "../../../services/ports/heavy.ts";
import { type App, nowhere } from "../../support/app.ts";
import { gift, send } from "../../support/gifts.ts";

const TYPES = ["donation", "partner", "project", "beneficiary", "engagement", "revenue"];

/** Six metrics whose readings lie so many days apart: a table of each has a row for every day. */
const year = (t: App, last: string) =>
  send(
    t,
    TYPES.flatMap((metric_type) =>
      ["2024-01-01", last].map((day) =>
        gift({ metric_type, metric_name: `own_${metric_type}`, timestamp: `${day}T12:00:00Z` })
      )
    ),
  );

/** Makes the annual report, and tells what was computed beside the event loop. */
async function annual(t: App): Promise<{ computed: string[]; report: Record<string, unknown> }> {
  const computed: string[] = [];
  const heavy: Heavy = { compute: (name, input) => Promise.resolve(compute(name, (computed.push(name), input))) };
  const body = { name: "Year", report_type: "annual", format: "json", parameters: { year: 2024 } };
  t.ctx.runs = createRunner(t.ctx, createRegistry({ ...t.ctx, heavy }, nowhere));
  return { report: await t.json("POST", "/api/v1/reports/generate", 201, { body }), computed };
}

/** Where the file of a report is made. */
export const reportRenderingCases: Record<string, (t: App) => Promise<void>> = {
  async "a large report is rendered beside the event loop"(t) {
    await year(t, "2024-12-31");
    const { computed, report } = await annual(t);
    equal([report["status"], report["row_count"], computed], ["completed", 6 + 6 * 366, ["render_report"]]);
  },

  async "a small one is rendered at once"(t) {
    await year(t, "2024-01-31");
    const { computed, report } = await annual(t);
    equal([report["status"], report["row_count"], computed], ["completed", 6 + 6 * 31, []]);
  },
};
