import type { Db, Param } from "../../../db/client.ts";

/** What the statements of one answer cost Postgres, and which tables they read from end to end. */
export type Cost = {
  statements: number;
  /** Planning and execution, milliseconds. */
  ms: number;
  /** Pages of 8 kB, in memory or not. */
  buffers: number;
  sequential: string[];
};

type Node = {
  "Node Type": string;
  "Relation Name"?: string;
  "Shared Hit Blocks": number;
  "Shared Read Blocks": number;
  Plans?: Node[];
};
type Explained = { "QUERY PLAN": { Plan: Node; "Planning Time": number; "Execution Time": number }[] };

/** The statements that a verb sends when it is given this database. */
export async function statementsOf(db: Db, verb: (db: Db) => Promise<unknown>): Promise<[string, readonly Param[]][]> {
  const asked: [string, readonly Param[]][] = [];
  const listening: Db = {
    ...db,
    query: async <T>(text: string, params: readonly Param[] = []) => {
      asked.push([text, params]);
      return await db.query<T>(text, params);
    },
    transaction: (work) => db.transaction((tx) => work({ ...listening, ...tx, query: listeningTo(tx, asked) })),
  };
  await verb(listening);
  return asked;
}

const listeningTo = (tx: Db, asked: [string, readonly Param[]][]): Db["query"] => async (text, params = []) => {
  asked.push([text, params]);
  return await tx.query(text, params);
};

/** Asks Postgres what the statements of a verb cost, by running each once more under `explain`. */
export async function costOf(db: Db, verb: (db: Db) => Promise<unknown>): Promise<Cost> {
  const cost: Cost = { statements: 0, ms: 0, buffers: 0, sequential: [] };
  for (const [text, params] of await statementsOf(db, verb)) {
    const [row] = await db.query<Explained>(`explain (analyze, buffers, timing off, format json) ${text}`, params);
    const [plan] = row?.["QUERY PLAN"] ?? [];
    if (plan === undefined) throw new TypeError("explain answers one plan");
    cost.statements++;
    cost.ms += plan["Planning Time"] + plan["Execution Time"];
    cost.buffers += plan.Plan["Shared Hit Blocks"] + plan.Plan["Shared Read Blocks"];
    cost.sequential.push(...sequentialOf(plan.Plan));
  }
  return cost;
}

function sequentialOf(node: Node): string[] {
  const own = node["Node Type"] === "Seq Scan" ? [node["Relation Name"] ?? ""] : [];
  return [...own, ...(node.Plans ?? []).flatMap(sequentialOf)];
}
