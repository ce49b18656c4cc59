import { deepStrictEqual as equal } from "node:assert/strict";
import { z } from "@hono/zod-openapi";
import { fieldErrors } from "../../services/field_errors.ts";
import { date, instant, strict, text, uuid, whole, within } from "../../services/schema.ts";
import { nearest } from "../../services/wording.ts";

const Example = strict({
  name: text(3),
  kind: z.enum(["alpha", "beta"]),
  days: whole(1, 365).optional(),
  level: within(0.5, 0.99).optional(),
  count: z.int().optional(),
  list: z.array(z.boolean()).min(2).max(3).optional(),
  labels: z.record(text(2), z.number().lt(9)).optional(),
  cell: z.union([z.string(), z.number().max(9), z.boolean()]).optional(),
  size: z.union([z.string().max(2), z.number()], { error: "must be a short text or a number" }).optional(),
  id: uuid.optional(),
  day: date.optional(),
  at: instant.optional(),
  form: z.discriminatedUnion("by", [strict({ by: z.literal("hand") }), strict({ by: z.literal("series"), n: z.int() })])
    .optional(),
});

const good = { name: "a", kind: "alpha" };
const said = (given: object) => {
  const { error } = Example.safeParse({ ...good, ...given });
  return error === undefined ? [] : fieldErrors(error).map(({ pointer, detail }) => `${pointer} ${detail}`);
};

Deno.test("a refusal says what would be legal, in words that go on from the field", () => {
  const cases: [object, string][] = [
    [{ name: undefined }, "/name is required"],
    [{ name: null }, "/name must be a string, not null"],
    [{ name: 7 }, "/name must be a string, not 7"],
    [{ name: "" }, "/name must not be empty"],
    [{ name: "abcd" }, "/name must have at most 3 characters"],
    [{ kind: undefined }, "/kind is required: it must be one of alpha, beta"],
    [{ kind: "betta" }, '/kind must be one of alpha, beta; did you mean "beta"?'],
    [{ kind: 1 }, "/kind must be one of alpha, beta"],
    [{ days: 366 }, "/days must be a whole number from 1 to 365"],
    [{ days: 1.5 }, "/days must be a whole number from 1 to 365"],
    [{ days: "9" }, "/days must be a whole number from 1 to 365"],
    [{ level: 1 }, "/level must be from 0.5 to 0.99"],
    [{ count: 1.5 }, "/count must be a whole number, not 1.5"],
    [{ list: [true] }, "/list must have at least 2 items"],
    [{ list: [true, true, "x"] }, "/list/2 must be a boolean, not a string"],
    [{ list: {} }, "/list must be an array, not an object"],
    [{ labels: { abc: 1 } }, "/labels/abc has a name that must have at most 2 characters"],
    [{ labels: { a: 9 } }, "/labels/a must be less than 9"],
    [{ labels: [] }, "/labels must be an object, not an array"],
    [{ cell: null }, "/cell must be a string, a number or a boolean, not null"],
    [{ cell: {} }, "/cell must be a string, a number or a boolean, not an object"],
    [{ cell: 10 }, "/cell must be at most 9"],
    [{ size: "abc" }, "/size must have at most 2 characters"],
    [{ size: true }, "/size must be a short text or a number"],
    [{ id: "x" }, "/id must be a UUID"],
    [{ day: "2025-02-30" }, "/day must be a date that exists, as YYYY-MM-DD"],
    [{ at: "2025-02-03" }, "/at must be an instant with its offset, such as 2026-01-31T09:00:00Z"],
    [{ form: { by: "hands" } }, '/form/by must be one of hand, series; did you mean "hand"?'],
    [{ form: {} }, "/form/by is required: it must be one of hand, series"],
    [{ form: { by: "series" } }, "/form/n is required"],
  ];
  for (const [given, sentence] of cases) equal(said(given), [sentence]);
  equal(said({}), []);
});

Deno.test("each of several unknown fields stands in its own place, with its own nearest name", () => {
  equal(said({ nmae: 1, colour: 2 }), [
    '/nmae Unknown field "nmae"; did you mean "name"?',
    '/colour Unknown field "colour"',
  ]);
});

Deno.test("the nearest name needs the fewest edits, then begins or ends with it, and nothing is near to everything", () => {
  equal(nearest("metric_tpye", ["metric_type", "metric_name"]), "metric_type");
  equal(nearest("days", ["service_name", "prediction_days"]), "prediction_days");
  equal(nearest("partner", ["auth", "partners_crm"]), "partners_crm");
  equal(nearest("x", ["metric_type", "id"]), null);
  equal(nearest("", ["_x"]), null);
  equal(nearest("", []), null);
});
