import type { Db, Param } from "../../db/client.ts";
import { readConfig } from "../../services/config.ts";
import { getStatistics } from "../../services/metrics/mod.ts";
import { atMost, type Bar } from "./bar.ts";
import { addRows } from "./database.ts";
import type { Stage } from "./stage.ts";

const TIMES = 10;

/** What 90 days by day take to add up must not grow with the rows, for the roll-ups hold them. */
export const aggregate: Bar = {
  name: `90-day aggregate, buffers at ${TIMES} times the rows`,
  unit: "",
  thresholds: atMost(1.2, 1.0),
  async run(stage) {
    const few = await buffers(stage);
    await addRows(stage.database.db, stage.seeded * (TIMES - 1), `more-${crypto.randomUUID()}`);
    const many = await buffers(stage);
    const thousands = (rows: number) => `${rows / 1_000} k rows`;
    return {
      yardstick: `${few} at ${thousands(stage.seeded)}`,
      ours: `${many} at ${thousands(stage.seeded * TIMES)}`,
      values: [many / few],
    };
  },
};

/** Pages that the statements behind one answer touch, in memory or not. */
async function buffers({ database: { db } }: Stage): Promise<number> {
  const asked: [text: string, params: readonly Param[]][] = [];
  const listening: Db = {
    ...db,
    query: async <T>(text: string, params: readonly Param[] = []) => {
      asked.push([text, params]);
      return await db.query<T>(text, params);
    },
  };
  await getStatistics({ db: listening, config: readConfig({}) }, { kind: "local" }, {
    service_name: "partners_crm",
    metric_type: "donation",
    start_date: "2025-03-01",
    end_date: "2025-05-29",
    group_by: ["date"],
  });
  // What the rows add is asked, not what updates leave behind until the next vacuum.
  await db.exec("vacuum (full, analyze) ops.metric_rollups");
  let touched = 0;
  for (const [text, params] of asked) {
    const [plan] = await db.query<Explained>(`explain (analyze, buffers, timing off, format json) ${text}`, params);
    const top = plan?.["QUERY PLAN"][0]?.Plan;
    touched += (top?.["Shared Hit Blocks"] ?? NaN) + (top?.["Shared Read Blocks"] ?? NaN);
  }
  return touched;
}

type Explained = { "QUERY PLAN": { Plan: { "Shared Hit Blocks": number; "Shared Read Blocks": number } }[] };
