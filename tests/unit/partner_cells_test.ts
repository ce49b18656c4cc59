import { deepStrictEqual as equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { FEWEST_PEOPLE } from "../../services/analytics/suppression.ts";
import { arrange, isSmall, peopleOf } from "../../services/partner_analytics/cells.ts";
import { giftCells } from "../../services/partner_analytics/gift_cells.ts";

/** A cell of so many different people, each with one gift of 10. */
const cell = (cell: string, people: number) => ({ cell, n: people, sum: people * 10, people, unnamed: 0 });
const names = (cells: readonly { cell: string }[]) => cells.map((one) => one.cell);

Deno.test("partner cells beyond the limit are the rest, and readers with a token see all", () => {
  const { shown, rest, hidden, whole_tells } = arrange([cell("a", 9), cell("b", 2), cell("c", 1)], 2, null);
  equal([names(shown), names(rest), hidden, whole_tells], [["a", "b"], ["c"], [], false]);
});

Deno.test("small partner cells are hidden with the next smallest, in the order of their names", () => {
  const { shown, rest, hidden, whole_tells } = arrange([cell("a", 9), cell("z", 2), cell("c", 6), cell("b", 30)], 1, 2);
  equal([names(shown), names(rest), hidden, whole_tells], [["a"], ["b"], ["c", "z"], false]);
});

Deno.test("partners who are in two small cells count once, so that a third is hidden", () => {
  const cells = [cell("a", 3), cell("b", 3), cell("c", 6)];
  equal(arrange(cells, 9, 6).hidden, ["a", "b"]);
  equal(arrange(cells, 9, 3).hidden, ["a", "b", "c"]);
});

Deno.test("the whole of partner cells is hidden where it would be the one hidden cell, or fewer than five people", () => {
  equal(arrange([cell("a", 3)], 9, 3).whole_tells, true);
  equal(arrange([cell("a", 2), cell("b", 1)], 9, 3).whole_tells, true);
  equal(arrange([cell("a", 3), cell("b", 4)], 9, 7).whole_tells, false);
  equal(arrange([cell("a", 3), cell("b", 6)], 9, 3).whole_tells, false);
  equal(arrange([], 9, 0).whole_tells, false);
});

Deno.test("a gift that names nobody counts as one person", () => {
  equal(peopleOf({ people: 2, unnamed: 3 }), 5);
  equal(arrange([{ ...cell("a", 2), unnamed: 3 }], 9, 0).hidden, []);
});

Deno.test("an answer lists at most so many partner cells as the limit, and counts all that are suppressed", () => {
  const whole = { n: 9, sum: 90, people: 9, unnamed: 0 };
  const answer = giftCells({ whole, shown: [cell("a", 9)], hidden: ["", "c"], rest: null }, 2);
  equal(answer.items, [
    {
      ...{ value: "a", name: "a", suppressed: false, gross: 90, gifts: 9, donors: 9, average: 10 },
      share: { value: 1, numerator: 90, denominator: 90 },
    },
    {
      ...{ value: null, name: "unknown", suppressed: true, gross: null, gifts: null, donors: null, average: null },
      share: null,
    },
  ]);
  equal([answer.other, answer.suppressed_cells], [null, 2]);
});

/** Disjoint cells, the largest first, and the people of the small ones together. */
const population = fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 12 }).map((sizes) => {
  const cells = sizes.map((people, i) => cell(`cell ${i}`, people)).sort((a, b) => b.sum - a.sum);
  return { cells, together: cells.filter(isSmall).reduce((sum, one) => sum + one.people, 0) };
});

Deno.test("no answer, at any limit, gives away fewer than five people of partner cells by subtraction", () => {
  fc.assert(fc.property(population, ({ cells, together }) => {
    const answers = cells.map((_, i) => arrange(cells, i + 1, together));
    for (const { shown, rest, hidden, whole_tells } of answers) {
      equal(hidden, answers[0]?.hidden); // whatever the limit
      equal(shown.length + rest.length + hidden.length, cells.length);
      ok([...shown, ...rest].every((one) => one.people >= FEWEST_PEOPLE));
      if (hidden.length === 0 || whole_tells) continue;
      // The whole less what is shown, and less the rest: all of the hidden ones at once, and nothing else.
      const left = cells.filter((one) => hidden.includes(one.cell)).reduce((sum, one) => sum + one.people, 0);
      ok(hidden.length > 1 && left >= FEWEST_PEOPLE);
    }
  }));
});
