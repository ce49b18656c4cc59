import type { App } from "./app.ts";

type Parameter = { in: string; name: string };
type Operation = { responses: Record<string, unknown>; parameters?: Parameter[]; security: object[] };

/** A read that needs no id, asked so that it answers 200, and whether the document calls it conditional. */
export type LiteralRead = { path: string; conditional: boolean };

/** Every public read of the document that needs no id; windows reach over December 2025. */
export async function literalReads(t: App): Promise<LiteralRead[]> {
  const { paths } = await t.json("GET", "/openapi.json", 200) as { paths: Record<string, { get?: Operation }> };
  return Object.entries(paths).flatMap(([path, { get }]) => {
    const open = get?.security.some((way) => Object.keys(way).length === 0) ?? false;
    if (get === undefined || !open || path.includes("{")) return [];
    const asked = (get.parameters ?? []).flatMap(({ name }) => QUERIES[name] ?? []);
    const query = asked.length === 0 ? "" : `?${asked.join("&")}`;
    return [{ path: path + query, conditional: "304" in get.responses }];
  });
}

const QUERIES: Record<string, string> = {
  start_date: "start_date=2025-12-01",
  end_date: "end_date=2025-12-31",
  by: "by=country",
};
