import { deepStrictEqual as equal } from "node:assert/strict";
import { occurrencesBetween, parseCron } from "../../services/jobs/cron.ts";
import { occurrences } from "../jobs/sim/oracle/calendar.ts";
import { offsetAt, stretches } from "../jobs/sim/oracle/zone.ts";

/** In every IANA zone a daily job runs once on each local day, whatever the clocks do; days as `Intl` tells them. */

const DAY_MS = 86_400_000;
const [FIRST, END] = [Date.UTC(2025), Date.UTC(2031)];
/** 2025 to 2030 with the leap day of 2028. */
const DAYS = 6 * 365 + 1;

for (const schedule of ["30 2 * * *", "0 0 * * *"]) {
  Deno.test(`${schedule} runs once on each local day of 2025 to 2030 in every zone, as the oracle says`, () => {
    const cron = parseCron(schedule);
    const wrong: string[] = [];
    for (const zone of Intl.supportedValuesOf("timeZone")) {
      const from = FIRST - offsetAt(zone, FIRST) - 1;
      const until = END - offsetAt(zone, END) - 1;
      const runs = occurrencesBetween(cron, zone, from, until, 2 * DAYS).map(({ at, occurrences }) => ({
        at,
        occurrences,
      }));
      if (JSON.stringify(runs) !== JSON.stringify(occurrences(schedule, zone, from, until))) wrong.push(zone);
      const days = localDays(zone, runs.map(({ at }) => at));
      if (days.length !== DAYS || days.some((day, i) => day !== FIRST / DAY_MS + i)) {
        wrong.push(`${zone}: ${days.length} days`);
      }
    }
    equal(wrong, []);
  });
}

/** The local day of each instant, numbered from 1970-01-01. */
function localDays(zone: string, instants: number[]): number[] {
  const spans = stretches(zone, FIRST - DAY_MS, END + DAY_MS);
  let i = 0;
  return instants.map((at) => {
    while ((spans[i]?.end ?? Infinity) <= at) i++;
    return Math.floor((at + (spans[i]?.offset ?? NaN)) / DAY_MS);
  });
}
