import { deepStrictEqual as equal, throws } from "node:assert/strict";
import fc from "fast-check";
import { z } from "@hono/zod-openapi";
import { cursorOf, knownTotal, linkHeader, pageOf, paging, placeOf, queryInteger } from "../../services/paging.ts";

const keys = z.tuple([z.string(), z.number()]);

Deno.test("a cursor brings back what it was made of", () => {
  fc.assert(fc.property(fc.string(), fc.integer(), (name, number) => {
    equal(placeOf({ cursor: cursorOf([name, number]) }, keys).after, [name, number]);
  }));
});

Deno.test("a cursor of another list, a torn one, or one beside skip is refused", () => {
  for (const cursor of ["", "x", "%%%", cursorOf([1, 2]), cursorOf(["a"]), cursorOf(["a", 1]).slice(1)]) {
    throws(() => placeOf({ cursor }, keys), { code: "invalid" });
  }
  throws(() => placeOf({ cursor: cursorOf(["a", 1]), skip: 1 }, keys), { code: "invalid" });
});

Deno.test("a page has a next one only where more was read", () => {
  const place = { skip: 0, limit: 2, after: null };
  const of = (read: number[]) => pageOf(read, place, { total: 9 }, (item) => [item]);
  equal(of([5, 4, 3]), { items: [5, 4], total: 9, skip: 0, limit: 2, next_cursor: cursorOf([4]) });
  equal(of([5, 4]).next_cursor, null);
  equal(of([]), { items: [], total: 9, skip: 0, limit: 2, next_cursor: null });
});

Deno.test("a page that did not fill tells the total by itself", () => {
  equal(knownTotal(3, { skip: 10, limit: 5, after: null }), { total: 13 });
  equal(knownTotal(0, { skip: 0, limit: 5, after: null }), { total: 0 });
  equal(knownTotal(0, { skip: 10, limit: 5, after: null }), null); // nothing there: the list is shorter than that
  equal(knownTotal(6, { skip: 0, limit: 5, after: null }), null);
  equal(knownTotal(3, { skip: 0, limit: 5, after: ["x"] }), null);
});

Deno.test("the Link header keeps the filters and drops the place", () => {
  const url = "http://localhost/api/v1/goals?status=active&skip=4&limit=2";
  equal(linkHeader(url, null), '</api/v1/goals?status=active&limit=2>; rel="first"');
  equal(
    linkHeader(url, "abc"),
    '</api/v1/goals?status=active&limit=2>; rel="first", </api/v1/goals?status=active&limit=2&cursor=abc>; rel="next"',
  );
  equal(linkHeader("http://localhost/api/v1/goals?skip=1", null), '</api/v1/goals>; rel="first"');
});

Deno.test("whole numbers in a query are digits within their range", () => {
  const schema = queryInteger(1, 1000);
  equal(["1", "1000", "007"].map((text) => schema.parse(text)), [1, 1000, 7]);
  for (const text of ["", "0", "1001", "1.5", "1e2", "0x10", " 1", "-1", "1,2", "99999999999"]) {
    equal(schema.safeParse(text).success, false, text);
  }
  equal(z.object(paging).parse({}), {});
});
