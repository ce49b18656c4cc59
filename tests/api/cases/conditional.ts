import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import type { App } from "../../support/app.ts";
import { gift, send } from "../../support/gifts.ts";

type Operation = { responses: Record<string, unknown>; parameters?: { in: string; name: string }[] };

/** Reads that need no id and say that they are conditional. */
async function literalReads(t: App): Promise<string[]> {
  const { paths } = await t.json("GET", "/openapi.json", 200) as { paths: Record<string, { get?: Operation }> };
  return Object.entries(paths).flatMap(([path, { get }]) =>
    get && "304" in get.responses && !path.includes("{") ? [path] : []
  );
}

/** Reads that answer nothing to whom already has it. */
export const conditionalCases: Record<string, (t: App) => Promise<void>> = {
  async "every literal read that is conditional says 304 to its own ETag, and another ETag after a write"(t) {
    await send(t, [gift({ dimensions: { partner_id: "p-1" } })]);
    const paths = await literalReads(t);
    ok(paths.length >= 24, `only ${paths.length}`); // 14 of the domains, and the lists
    const tags = new Map<string, string | null>();
    for (const path of paths) {
      const query = path.endsWith("breakdown") ? "?by=country" : "";
      const first = await t.request("GET", path + query);
      const tag = first.headers.get("etag");
      equal([path, first.status], [path, 200]);
      match(tag ?? "", /^"[^"]+"$/, path);
      tags.set(path, tag);
      const second = await t.request("GET", path + query, { headers: { "if-none-match": tag ?? "" } });
      equal([path, second.status, await second.text()], [path, 304, ""]);
    }
    await send(t, [gift({ metric_value: 5, dimensions: { partner_id: "p-2" } })]);
    const after = await t.request("GET", "/api/v1/analytics/partners/statistics");
    ok(after.headers.get("etag") !== tags.get("/api/v1/analytics/partners/statistics"));
  },
};
