import { atLeast, type Bar, type Measured, median } from "./bar.ts";
import { request } from "./load_client.ts";
import { alternate, type Cost, cost, LIST_PATH, METRICS, type Stage } from "./stage.ts";

const CONNECTIONS = 16;

/** One row by its id: 500 ids in turn, everything on. */
export const getById: Bar = {
  name: "GET by id, eff",
  unit: "",
  thresholds: atLeast(0.75, 0.90),
  async run(stage) {
    const rows = await stage.database.db.query<{ id: string }>(
      "select id from metrics tablesample bernoulli (5) repeatable (1) order by id limit 500",
    );
    return await efficiency(stage, rows.map(({ id }) => `${METRICS}/${id}`), 4_000);
  },
};

/** A page of 50 rows of one service and type, newest first, with its total. */
export const listOf50: Bar = {
  name: "list of 50, eff",
  unit: "",
  thresholds: atLeast(0.80, 0.92),
  run: (stage) => efficiency(stage, [LIST_PATH], 1_200),
};

/** CPU for each request of the hand-written server, divided by ours. */
async function efficiency(stage: Stage, paths: string[], requests: number): Promise<Measured> {
  const total = Math.round(requests * stage.scale);
  const get = (headers: Record<string, string>) => ({
    connections: CONNECTIONS,
    total,
    requests: paths.map((path) => request("GET", path, headers)),
  });
  const costs = await alternate(
    stage,
    () => cost(stage, stage.handWritten, get(stage.headers)),
    () => cost(stage, stage.ours, get(stage.headers)),
  );
  const whole = ({ server_ms, postgres_ms }: Cost) => server_ms + postgres_ms;
  return {
    yardstick: perRequest(costs.map(([theirs]) => theirs), total),
    ours: perRequest(costs.map(([, ours]) => ours), total),
    values: costs.map(([theirs, ours]) => whole(theirs) / whole(ours)),
  };
}

/** Microseconds for each request, the server's and Postgres's share. */
function perRequest(costs: Cost[], total: number): string {
  const of = (part: (cost: Cost) => number) => (median(costs.map(part)) * 1_000 / total).toFixed(0);
  return `${of((cost) => cost.server_ms)} + ${of((cost) => cost.postgres_ms)} µs`;
}
