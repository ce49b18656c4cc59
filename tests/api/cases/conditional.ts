import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import type { App } from "../../support/app.ts";
import { gift, send } from "../../support/gifts.ts";
import { literalReads } from "../../support/reads.ts";

/** Reads that answer nothing to whom already has it. */
export const conditionalCases: Record<string, (t: App) => Promise<void>> = {
  async "every literal read that is conditional says 304 to its own ETag, and another ETag after a write"(t) {
    await send(t, [gift({ dimensions: { partner_id: "p-1" } })]);
    const reads = (await literalReads(t)).filter(({ conditional }) => conditional);
    ok(reads.length >= 24, `only ${reads.length}`); // 14 of the domains, and the lists
    for (const { path } of reads) {
      const first = await t.request("GET", path);
      const tag = first.headers.get("etag");
      equal([path, first.status], [path, 200]);
      match(tag ?? "", /^"[^"]+"$/, path);
      const second = await t.request("GET", path, { headers: { "if-none-match": tag ?? "" } });
      equal([path, second.status, await second.text()], [path, 304, ""]);
    }
    const donors = "/api/v1/analytics/partners/statistics?end_date=2025-12-24";
    const before = (await t.request("GET", donors)).headers.get("etag");
    await send(t, [gift({ metric_value: 5, dimensions: { partner_id: "p-2" } })]);
    ok((await t.request("GET", donors)).headers.get("etag") !== before);
  },
};
