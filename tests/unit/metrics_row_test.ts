import { deepStrictEqual as equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { METRIC_TYPES, SERVICE_NAMES } from "../../db/schema/enums.ts";
import { violationsOf } from "../../services/metrics/explain.ts";
import { isMetricRow } from "../../services/metrics/metric_row.ts";
import { LIMITS } from "../../services/metrics/schema.ts";

/** Texts around every limit, with all that JSON can smuggle in. */
const character = fc.oneof(
  { weight: 20, arbitrary: fc.string({ minLength: 1, maxLength: 1 }) },
  fc.constantFrom("\0", "\ud800", "\udc00", "😀", "é", '"', "\\", "{", ","),
);
const text = (max: number) =>
  fc.oneof(
    fc.array(character, { maxLength: 12 }).map((parts) => parts.join("")),
    fc.integer({ min: Math.max(0, max - 1), max: max + 1 }).map((length) => "x".repeat(length)),
  );
const odd = fc.constantFrom<unknown>(null, undefined, "", "x", 0, NaN, true, [], {}, "1");
const orOdd = <T>(good: fc.Arbitrary<T>) => fc.oneof({ weight: 9, arbitrary: good as fc.Arbitrary<unknown> }, odd);

const quantity = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(1e15, -1e15, 1.0000001e15, -0, 5e-324, Infinity, -Infinity, NaN, 2 ** 53),
);
const two = (max: number) => fc.integer({ min: 0, max }).map((number) => String(number).padStart(2, "0"));
const day = fc.tuple(
  fc.constantFrom("1969", "1970", "2000", "2024", "2025", "2100", "2101", "0000", "9999", "10000"),
  two(13),
  two(32),
).map((parts) => parts.join("-"));
const fraction = fc.oneof(fc.constant(""), fc.integer({ min: 0, max: 22 }).map((length) => `.${"9".repeat(length)}`));
const zone = fc.oneof(
  fc.constantFrom("Z", "z", "", "+0000", "+24:00", "-23:59", "+05:30", " Z"),
  fc.tuple(fc.constantFrom("+", "-"), two(25), two(61)).map(([sign, hours, minutes]) => `${sign}${hours}:${minutes}`),
);
const timestamp = fc.tuple(day, fc.constantFrom("T", "T", "T", "t", " "), two(25), two(61), two(61), fraction, zone)
  .map(([date, t, hours, minutes, seconds, rest, offset]) =>
    `${date}${t}${hours}:${minutes}:${seconds}${rest}${offset}`
  );

/** Good texts around each limit, which chance alone would seldom meet. */
const days = fc.oneof(
  day,
  fc.constantFrom("1970-01-01", "1969-12-31", "2100-12-31", "2101-01-01", "2024-02-29", "2025-02-29"),
);
const instants = fc.oneof(
  timestamp,
  fc.constantFrom("2100-12-31T23:59:59Z", "2101-01-01T00:00:00Z", "1970-01-01T00:00:00+23:59", "2025-06-01T12:00Z"),
  fc.integer({ min: 17, max: 21 }).map((digits) => `2025-06-01T12:00:00.${"1".repeat(digits)}Z`),
  fc.integer({ min: 12, max: 16 }).map((digits) => `2025-06-01T12:00:00.${"1".repeat(digits)}+05:30`),
);

const dimensions = fc.oneof(
  fc.dictionary(text(LIMITS.dimension_key), orOdd(fc.oneof(text(LIMITS.dimension_text), quantity, fc.boolean()))),
  fc.integer({ min: 31, max: 33 }).map((keys) =>
    Object.fromEntries(Array.from({ length: keys }, (_, i) => [`k${i}`, i]))
  ),
  fc.constant(JSON.parse('{"__proto__":1}')),
  fc.constant(JSON.parse('{"constructor":"x"}')),
);
const row = fc.record({
  service_name: orOdd(fc.constantFrom(...SERVICE_NAMES, "crm")),
  metric_type: orOdd(fc.constantFrom(...METRIC_TYPES, "gift")),
  metric_name: orOdd(text(LIMITS.metric_name)),
  metric_value: orOdd(quantity),
  value: orOdd(quantity),
  metric_unit: orOdd(text(LIMITS.metric_unit)),
  dimensions: orOdd(dimensions),
  timestamp: orOdd(instants),
  date: orOdd(days),
  external_id: orOdd(text(LIMITS.external_id)),
  metadata: fc.constant({}),
  toString: fc.constant(1),
}, { requiredKeys: [] });

const good = {
  service_name: "partners_crm",
  metric_type: "donation",
  metric_name: "donation_received",
  metric_value: 1,
};

/** Both must say the same, or a row would be refused without a reason, or stored without being checked. */
function agree(value: unknown): void {
  const errors = violationsOf(value);
  equal(isMetricRow(value), errors.length === 0, `${JSON.stringify(value)}: ${JSON.stringify(errors)}`);
}

Deno.test("the row check by hand and the schema agree on rows of any kind", () => {
  fc.assert(fc.property(row, agree), { numRuns: 3_000 });
});

Deno.test("they agree on good rows in which one field is anything", () => {
  const one = fc.constantFrom(
    "metric_name",
    "metric_value",
    "value",
    "metric_unit",
    "dimensions",
    "timestamp",
    "date",
    "external_id",
  );
  let accepted = 0;
  fc.assert(
    fc.property(row, one, (change, field) => {
      const value: Record<string, unknown> = { ...good };
      if (field === "value" && "metric_unit" in change) delete value["metric_value"];
      if (Object.hasOwn(change, field)) value[field] = (change as Record<string, unknown>)[field];
      agree(value);
      if (isMetricRow(value)) accepted++;
    }),
    { numRuns: 6_000 },
  );
  ok(accepted > 1_000, `only ${accepted} of the rows were good: the property says little`);
});

Deno.test("they agree on what is no row at all", () => {
  fc.assert(fc.property(fc.anything(), agree), { numRuns: 1_000 });
  for (const value of [null, undefined, 1, "x", [], [good], JSON.parse('{"__proto__":{}}')]) agree(value);
  agree(good);
  for (const missing of Object.keys(good)) {
    agree(Object.fromEntries(Object.entries(good).filter(([key]) => key !== missing)));
  }
});
