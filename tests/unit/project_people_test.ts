import { deepStrictEqual as equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { hiddenRows } from "../../services/analytics/table_suppression.ts";
import { directShare } from "../../services/project_analytics/beneficiaries.ts";
import { ranked, shownParts, shownPeople } from "../../services/project_analytics/people.ts";
import { stackedBy } from "../../services/project_analytics/stack.ts";

const known = { total: 70, direct: 43, indirect: 20, unspecified: 7 };

Deno.test("of people without small parts the public sees everything, and with a token everybody does", () => {
  equal(shownPeople(known, "public"), { ...known, suppressed: false });
  const small = { total: 45, direct: 3, indirect: 42, unspecified: 0 };
  equal(shownPeople(small, "all"), { ...small, suppressed: false });
});

Deno.test("a small part is hidden with the next smallest, and a small total with all its parts", () => {
  // 3 would be 45 − 42, so that the 42 are hidden too; nobody is nobody.
  equal(shownPeople({ total: 45, direct: 3, indirect: 42, unspecified: 0 }, "public"), {
    ...{ total: 45, direct: null, indirect: null, unspecified: 0, suppressed: true },
  });
  equal(shownPeople({ total: 4, direct: 4, indirect: 0, unspecified: 0 }, "public"), {
    ...{ total: null, direct: null, indirect: null, unspecified: null, suppressed: true },
  });
  equal(shownPeople({ total: null, direct: null, indirect: null, unspecified: null }, "public").suppressed, false);
});

Deno.test("where the whole does not show how it was reached, no part does", () => {
  const parts = [{ name: "a", people: 50, direct: 50, indirect: 0 }];
  equal(shownParts(parts, "public", true)[0]?.direct, 50);
  equal(shownParts(parts, "public", false)[0], {
    ...{ name: "a", total: 50, direct: null, indirect: null, unspecified: null, suppressed: true },
  });
  equal(shownParts(parts, "all", true)[0]?.unspecified, 0);
});

Deno.test("hidden parts come last, in the order of their names", () => {
  const rows = [{ name: "z", total: null }, { name: "b", total: 5 }, { name: "y", total: null }, {
    name: "c",
    total: 9,
  }];
  equal(ranked(rows).map((row) => row.name), ["c", "b", "y", "z"]);
});

Deno.test("the direct share is of the people of whom the readings say which", () => {
  equal(directShare(known), { numerator: 43, denominator: 63 });
  equal(directShare({ ...known, indirect: null }), { numerator: 43, denominator: null });
});

Deno.test("a stack has the largest categories and one layer of the rest", () => {
  const cells = [
    { b: 1, name: "a", people: 30 },
    { b: 2, name: "a", people: 10 },
    { b: 1, name: "b", people: 7 },
    { b: 2, name: null, people: 6 },
    { b: 3, name: "a", people: 99 }, // has not begun
  ];
  equal(stackedBy(["a"], cells, 2, "all"), [
    { category: "a", rest: false, people: [30, 10] },
    { category: null, rest: true, people: [7, 6] },
  ]);
  equal(stackedBy(["a", "b", null], cells, 2, "all").map((layer) => layer.rest), [false, false, false]);
  // The 6 in the second period are not small, the 7 neither; with 3 instead the two periods hide their layers.
  equal(stackedBy(["a"], cells, 2, "public")[0]?.people, [30, 10]);
  const small = [...cells.slice(0, 3), { b: 2, name: null, people: 3 }];
  equal(stackedBy(["a"], small, 2, "public").map((layer) => layer.people), [[null, null], [null, null]]);
});

const table = fc.integer({ min: 1, max: 4 }).chain((columns) =>
  fc.array(fc.array(fc.integer({ min: 0, max: 12 }), { minLength: columns, maxLength: columns }), { maxLength: 8 })
);

Deno.test("no cell of 1 to 4 people is shown, nor the only ones that a column's total leaves", () => {
  fc.assert(fc.property(table, (rows) => {
    const { totals, parts } = hiddenRows(rows);
    const people = rows.map((row) => row.reduce((sum, one) => sum + one, 0));
    rows.forEach((row, i) => {
      if (!parts[i]) ok(row.every((one) => one === 0 || one >= 5));
      if (!totals[i]) ok(people[i] === 0 || (people[i] ?? 0) >= 5);
      else ok(parts[i]);
    });
    const hidden = rows.filter((_, i) => parts[i]);
    const everybody = rows.every((_, i) => parts[i] || people[i] === 0);
    if (hidden.length === 0 || everybody) return;
    ok(hidden.length > 1);
    for (const column of hidden[0]?.keys() ?? []) {
      const sum = hidden.reduce((all, row) => all + (row[column] ?? 0), 0);
      ok(sum === 0 || sum >= 5);
    }
  }));
});

Deno.test("tables hide no more than they must", () => {
  equal(hiddenRows([]), { totals: [], parts: [] });
  equal(hiddenRows([[30, 10], [5, 0]]), { totals: [false, false], parts: [false, false] });
  // 3 of 33; the next smallest row has 60, and both columns then have enough.
  equal(hiddenRows([[30, 3], [40, 20], [50, 60]]), { totals: [false, false, false], parts: [true, true, false] });
});
