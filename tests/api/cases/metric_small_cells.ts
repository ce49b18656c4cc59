import { deepStrictEqual as equal, match } from "node:assert/strict";
import { anonymous, type App } from "../../support/app.ts";
import { gift, PATH, reader, send } from "../../support/gifts.ts";

const STATISTICS = `${PATH}/aggregate/statistics`;
const SERIES = `${PATH}/time-series/data`;

const on = (day: string, metric_value: number, more: Record<string, unknown> = {}) =>
  gift({ metric_value, timestamp: `${day}T10:00:00Z`, ...more });

type Numbers = Record<string, number | null>;

/** So many gifts of a country, each of another person. */
const people = (country: string, count: number, day = "2025-12-20") =>
  Array.from({ length: count }, (_, i) => on(day, 10, { dimensions: { country, partner_id: `${country}-${i}` } }));

type Seen = { group: Record<string, unknown>; values: Numbers; suppressed?: true };
const seen = ({ items }: { items: Seen[] }) =>
  items.map((row) => [row.group["dimension.country"], row.values["sum"], row.suppressed ?? false]);

/** What readers without a token are not told of metrics about people. */
export const metricSmallCellsCases: Record<string, (t: App) => Promise<void>> = {
  async "metric numbers of fewer than five persons are hidden from readers without a token, and one more"(t) {
    await send(t, [...people("KE", 6), ...people("US", 5), ...people("DE", 2), on("2025-12-20", 1)]);
    const query = `${STATISTICS}?group_by=dimension.country&measures=sum,count&order_by=-sum`;
    const answer = await t.json("GET", query, 200, { as: anonymous });
    // DE has two persons, the gift without a country one; of the rest US is the smallest, by which they could be told
    equal(seen(answer), [["KE", 60, false], ["DE", null, true], ["US", null, true], [null, null, true]]);
    equal(answer.meta.warnings, [
      "3 numbers are hidden from readers without a token: of fewer than 5 persons, or one by which such a number could be told",
    ]);
    const cut = await t.json("GET", `${query}&limit=2`, 200, { as: anonymous });
    equal([cut.other[0].rows, cut.other[0].values, cut.other[0].suppressed], [2, { sum: null, count: null }, true]);
    equal(seen(await t.json("GET", query, 200, { as: reader })), [
      ...[["KE", 60, false], ["US", 50, false], ["DE", 20, false], [null, 1, false]],
    ]);
    await send(t, people("KE", 3, "2025-11-20")); // 30 days before there were three
    const compared = await t.json("GET", `${query}&compare=previous_period`, 200, { as: anonymous });
    const kenya = compared.items.find((row: Seen) => row.group["dimension.country"] === "KE");
    equal([kenya.values.sum, kenya.previous.values.sum, kenya.change.sum, kenya.suppressed], [60, null, null, true]);
    const whole = await t.json("GET", `${STATISTICS}?measures=sum`, 200, { as: anonymous });
    equal(whole.items[0].values, { sum: 131 });
  },
  async "metrics about people are grouped by one dimension without a token, and filtered by none"(t) {
    await send(t, people("KE", 6));
    for (const asked of ["dimension.country=KE", "group_by=dimension.country,dimension.channel"]) {
      const { detail } = await t.json("GET", `${STATISTICS}?${asked}`, 403, { as: anonymous });
      match(detail, /^donation_received is about people/);
      await t.json("GET", `${STATISTICS}?${asked}`, 200, { as: reader });
    }
    await t.json("GET", `${SERIES}?split_by=dimension.country&dimension.country=KE`, 403, { as: anonymous });
  },
  async "people reached are counted by the value: fewer than five are hidden without a token"(t) {
    const reached = { service_name: "projects", metric_type: "beneficiary", metric_name: "beneficiaries_reached" };
    const of = (category: string, value: number) =>
      on("2025-12-20", value, { ...reached, metric_unit: "count", dimensions: { project_id: "a", category } });
    await send(t, [of("youth", 4), of("adults", 20), of("children", 43)]);
    const answer = await t.json("GET", `${STATISTICS}?group_by=dimension.category&measures=sum`, 200, {
      as: anonymous,
    });
    equal(answer.items.map((row: Seen) => [row.group["dimension.category"], row.values["sum"]]), [
      ...[["adults", null], ["children", 43], ["youth", null]], // 4 alone would be 67 less 20 and 43
    ]);
    const { items } = await t.json("GET", PATH, 200, { as: anonymous });
    equal(items.map((row: { metric_value: number | null }) => row.metric_value).sort(), [20, 43, null]);
  },
  async "a metric's series hides small periods, and the sums by which they could be told"(t) {
    await send(t, [
      ...people("KE", 6, "2025-12-01"),
      ...people("KE", 2, "2025-12-02"),
      ...people("KE", 7, "2025-12-03"),
    ]);
    const series = async (more: string) =>
      (await t.json("GET", `${SERIES}?split_by=dimension.country${more}`, 200, { as: anonymous })).series[0].points
        .map((point: { value: number | null; n: number; suppressed?: true; rolling?: number | null }) => [
          ...[point.value, point.n, point.suppressed ?? false, ...(more.includes("rolling") ? [point.rolling] : [])],
        ]);
    equal(await series(""), [[60, 6, false], [null, 0, true], [70, 7, false]]);
    equal(await series("&cumulative=true"), [[60, 6, false], [null, 0, true], [null, 0, true]]);
    equal(await series("&rolling=2"), [[60, 6, false, null], [null, 0, true, null], [70, 7, false, null]]);
    const hidden = await t.json(
      "GET",
      `${SERIES}?split_by=dimension.country&start_date=2025-12-02&end_date=2025-12-02`,
      200,
      {
        as: anonymous,
      },
    );
    equal([hidden.series[0].points.length, hidden.reason], [1, null]);
  },
  async "metric numbers of projects, and of whole metrics, are hidden from nobody"(t) {
    const cost = { service_name: "projects", metric_type: "project", metric_name: "cost_actual" };
    await send(t, [on("2025-12-20", 7, { ...cost, dimensions: { project_id: "p-1", category: "food" } })]);
    const answer = await t.json("GET", `${STATISTICS}?group_by=dimension.category&measures=sum`, 200, {
      as: anonymous,
    });
    equal([answer.items[0].values, answer.meta.warnings], [{ sum: 7 }, []]);
  },
};
