import { deepStrictEqual as equal } from "node:assert/strict";
import { violationsOf } from "../../services/metrics/explain.ts";

const read = (path: string) => Deno.readTextFileSync(new URL(`../../${path}`, import.meta.url));
const GUIDE = read("docs/metrics-feeds.md");

Deno.test("the guide of the metrics feeds names every error code of a feed, and no other", () => {
  const codes = (text: string, pattern: RegExp) =>
    [...new Set([...text.matchAll(pattern)].map(([, code]) => code))].sort();
  const source = read("services/data_sync/feed.ts") + read("services/data_sync/pull.ts");
  equal(codes(GUIDE, /`(feed_\w+)`/g), codes(source, /"(feed_\w+)"/g));
});

Deno.test("the page that the guide shows is one that is taken", () => {
  const [, json = ""] = /```json\n([\s\S]*?)```/.exec(GUIDE) ?? [];
  const { items, next_cursor } = JSON.parse(json);
  equal(typeof next_cursor, "string");
  equal(items.map((item: object) => violationsOf({ service_name: "partners_crm", ...item })), [[]]);
});
