import assert from "node:assert/strict";
import fc from "fast-check";
import {
  countBetween,
  CronError,
  describeCron,
  isTimeZone,
  nextOccurrence,
  occurrencesBetween,
  parseCron,
  toDenoCron,
} from "../../services/jobs/cron.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** fast-check prints seed and path when a property fails; the same seed finds it again. */
const SEED = 20_260_329;

// ---------------------------------------------------------------- the dialect

Deno.test("names, blanks, letter case and macros are normalised", () => {
  assert.equal(parseCron("  */15\t0-6/2   1,15 jan-Mar  mon ").text, "*/15 0-6/2 1,15 JAN-MAR MON");
  assert.equal(parseCron("00 03 * * *").times[0], 180);
  const macros = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    " @Annually ": "0 0 1 1 *",
  };
  for (const [macro, text] of Object.entries(macros)) assert.equal(parseCron(macro).text, text);
});

Deno.test("lists, ranges and steps become the values they name", () => {
  const cron = parseCron("5,10-20/4,59 */9 */10,31 JAN,6-12/3 MON-FRI/2");
  assert.deepEqual(cron.minutes, [5, 10, 14, 18, 59]);
  assert.deepEqual(cron.hours, [0, 9, 18]);
  assert.deepEqual(cron.daysOfMonth, [1, 11, 21, 31]);
  assert.deepEqual(cron.months, [1, 6, 9, 12]);
  assert.deepEqual(cron.weekdays, [1, 3, 5]);
});

Deno.test("Sunday is 0 and 7, and may end a range", () => {
  for (const field of ["0", "7", "SUN", "0,7", "7-7"]) assert.deepEqual(parseCron(`0 0 * * ${field}`).weekdays, [0]);
  for (const field of ["5-7", "FRI-SUN", "5-0"]) assert.deepEqual(parseCron(`0 0 * * ${field}`).weekdays, [0, 5, 6]);
  assert.deepEqual(parseCron("0 0 * * SUN-TUE").weekdays, [0, 1, 2]);
  assert.deepEqual(parseCron("0 0 * * 0-7").weekdays, [0, 1, 2, 3, 4, 5, 6]);
});

Deno.test("what is not in the dialect is refused, and the message says where and what is legal", () => {
  const refused: [string, CronError["where"], RegExp][] = [
    ["", "expression", /^expression: 0 fields found; 5 are needed/],
    ["* * * *", "expression", /4 fields found/],
    ["0 */5 * * * *", "expression", /6 fields found.*without seconds or years/],
    ["@reboot", "expression", /@reboot.*@hourly/],
    ["60 * * * *", "minute", /"60" is not legal; legal is 0-59/],
    ["-1 * * * *", "minute", /"-1"/],
    ["1.5 * * * *", "minute", /"\."/],
    ["100 * * * *", "minute", /"100"/],
    ["*/0 * * * *", "minute", /step "0" is not legal; legal is 1-59/],
    ["*/90 * * * *", "minute", /step "90"/],
    ["5/15 * * * *", "minute", /write 5-59\/15/],
    ["1,,2 * * * *", "minute", /""/],
    [", * * * *", "minute", /""/],
    ["*-5 * * * *", "minute", /"\*-5"/],
    ["1-2-3 * * * *", "minute", /"1-2-3"/],
    ["1-5/2/2 * * * *", "minute", /"1-5\/2\/2"/],
    ["0 24 * * *", "hour", /legal is 0-23/],
    ["0 22-2 * * *", "hour", /write 22-23,0-2/],
    ["0 MON * * *", "hour", /"MON"/],
    ["0 0 0 * *", "day-of-month", /legal is 1-31/],
    ["0 0 32 * *", "day-of-month", /legal is 1-31/],
    ["0 0 ? * *", "day-of-month", /"\?" is not supported/],
    ["0 0 L * *", "day-of-month", /"L" is not legal/],
    ["0 0 15W * *", "day-of-month", /"15W"/],
    ["0 0 * 0 *", "month", /legal is 1-12 or JAN-DEC/],
    ["0 0 * 13 *", "month", /"13"/],
    ["0 0 * JANUARY *", "month", /"JANUARY"/],
    ["0 0 * * 8", "day-of-week", /0-7 \(Sunday is 0 and 7\)/],
    ["0 0 * * MON#2", "day-of-week", /"#" is not supported/],
    ["0 0 * * ſUN", "day-of-week", /"ſ" is not supported/], // "ſ".toUpperCase() is "S"
    ["0 0 * *\u00a0 *", "month", /not supported/],
    [`${"1,".repeat(46)}1 * * * *`, "expression", /is 101 characters long; the limit is 100/],
  ];
  for (const [expression, where, message] of refused) {
    assert.throws(() => parseCron(expression), (error) => {
      assert(error instanceof CronError, expression);
      assert.equal(error.where, where, expression);
      assert.match(error.message, message, expression);
      return true;
    });
  }
  assert.equal(parseCron(`${"1,".repeat(45)}1  * * * *`).minutes.length, 1); // 91 + 2 + 7 = 100 characters
});

Deno.test("dates that never come are refused, and 29 February is not one of them", () => {
  for (const date of ["31 2", "30 2", "30,31 2", "31 2,4,6,9,11", "30-31 FEB", "31 2-6/2"]) {
    assert.throws(() => parseCron(`0 0 ${date} *`), /never comes/, date);
  }
  for (const date of ["29 2 *", "30 2,3 *", "31 2 MON", "31 12 *", "29-31 2 *", "31 2-12/3 *"]) {
    parseCron(`0 0 ${date}`);
  }
});

Deno.test("IANA zones are accepted in any case; offsets and ICU's own abbreviations are not", () => {
  for (const zone of [...Intl.supportedValuesOf("timeZone"), "UTC", "gmt", "Etc/GMT+5", "europe/berlin", "EST5EDT"]) {
    assert(isTimeZone(zone), zone);
  }
  for (const zone of ["", "+02:00", "-0330", "+02", "Z", "UTC+2", "PST", "IST", "SystemV/EST5", "Mars/Base", " UTC"]) {
    assert(!isTimeZone(zone), zone);
  }
  assert.throws(() => nextOccurrence(parseCron("@daily"), "+02:00", 0), /^CronError: timezone: "\+02:00"/);
});

// ---------------------------------------------------------------- hand-calculated nights

/** Runs of `cron` in (after, until], each as `UTC instant = wall offset × occurrences`. */
function told(cron: string, zone: string, after: string, until: string): string[] {
  return occurrencesBetween(parseCron(cron), zone, Date.parse(after), Date.parse(until), 1_000).map((o) =>
    `${new Date(o.at).toISOString().slice(0, 16)}Z = ${o.local} ${o.offset} × ${o.occurrences}`
  );
}

Deno.test("a wall time that the gap of a spring night leaves out runs at the gap's end", () => {
  // Berlin 2026-03-29: 02:00+01:00 is 03:00+02:00, both 01:00Z.
  assert.deepEqual(told("30 2 * * *", "Europe/Berlin", "2026-03-27T12:00Z", "2026-03-30T12:00Z"), [
    "2026-03-28T01:30Z = 2026-03-28T02:30 +01:00 × 1",
    "2026-03-29T01:00Z = 2026-03-29T03:00 +02:00 × 1",
    "2026-03-30T00:30Z = 2026-03-30T02:30 +02:00 × 1",
  ]);
});

Deno.test("all wall times of one gap are one run, with those that fall on its end counted in", () => {
  // 02:00, 02:10 … 02:50 are six; with hour 3 there is also 03:00 itself, then 03:10 as usual.
  assert.deepEqual(told("*/10 2 * * *", "Europe/Berlin", "2026-03-28T12:00Z", "2026-03-29T12:00Z"), [
    "2026-03-29T01:00Z = 2026-03-29T03:00 +02:00 × 6",
  ]);
  assert.deepEqual(told("*/30 2,3 * * *", "Europe/Berlin", "2026-03-28T12:00Z", "2026-03-29T12:00Z"), [
    "2026-03-29T01:00Z = 2026-03-29T03:00 +02:00 × 3",
    "2026-03-29T01:30Z = 2026-03-29T03:30 +02:00 × 1",
  ]);
});

Deno.test("a wall time that an autumn night shows twice runs once, at the first", () => {
  // Berlin 2026-10-25: 03:00+02:00 is 02:00+01:00, both 01:00Z; 02:30 is first 00:30Z, again 01:30Z.
  assert.deepEqual(told("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00Z", "2026-10-26T12:00Z"), [
    "2026-10-25T00:30Z = 2026-10-25T02:30 +02:00 × 1",
    "2026-10-26T01:30Z = 2026-10-26T02:30 +01:00 × 1",
  ]);
  // Asked in the middle of the second pass, the first still counts as done.
  const during = Date.parse("2026-10-25T01:10Z");
  assert.equal(nextOccurrence(parseCron("30 2 * * *"), "Europe/Berlin", during)?.at, Date.parse("2026-10-26T01:30Z"));
  assert.equal(countBetween(parseCron("30 2 * * *"), "Europe/Berlin", during, during + HOUR), 0);
  // 03:00 is shown only once, when the second pass is over, so it is still to come.
  assert.equal(nextOccurrence(parseCron("0 3 * * *"), "Europe/Berlin", during)?.at, Date.parse("2026-10-25T02:00Z"));
  // The cache of offsets begins a chunk at 2010-10-31T01:56:28.8Z, in a second pass: it must know of the first.
  const chunk = Date.parse("2010-10-31T01:56:30Z");
  assert.equal(nextOccurrence(parseCron("58 2 * * *"), "Europe/Berlin", chunk)?.at, Date.parse("2010-11-01T01:58Z"));
});

Deno.test("an hour field that starts with a star follows elapsed time, both passes and no missing hour", () => {
  const hourly = parseCron("@hourly");
  const berlin = (cron: string, after: string, until: string) => told(cron, "Europe/Berlin", after, until);
  // The local days are 23 hours and 25 hours long; (after, until] ends with the midnight, so it has as many.
  assert.equal(
    countBetween(hourly, "Europe/Berlin", Date.parse("2026-03-28T23:00Z"), Date.parse("2026-03-29T22:00Z")),
    23,
  );
  assert.equal(
    countBetween(hourly, "Europe/Berlin", Date.parse("2026-10-24T22:00Z"), Date.parse("2026-10-25T23:00Z")),
    25,
  );
  // Every second hour, by what the wall shows: hour 2 comes twice in October and not at all in March.
  assert.deepEqual(berlin("0 */2 * * *", "2026-10-24T22:00Z", "2026-10-25T04:00Z"), [
    "2026-10-25T00:00Z = 2026-10-25T02:00 +02:00 × 1",
    "2026-10-25T01:00Z = 2026-10-25T02:00 +01:00 × 1",
    "2026-10-25T03:00Z = 2026-10-25T04:00 +01:00 × 1",
  ]);
  assert.deepEqual(berlin("0 */2 * * *", "2026-03-28T23:00Z", "2026-03-29T03:00Z"), [
    "2026-03-29T02:00Z = 2026-03-29T04:00 +02:00 × 1",
  ]);
});

Deno.test("Lord Howe moves by half an hour", () => {
  // 2026-10-04: 02:00+10:30 is 02:30+11:00, both 15:30Z the day before; 2026-04-05: 02:00+11:00 is 01:30+10:30, 15:00Z.
  assert.deepEqual(told("15,30,45 2 * * *", "Australia/Lord_Howe", "2026-10-03T12:00Z", "2026-10-03T18:00Z"), [
    "2026-10-03T15:30Z = 2026-10-04T02:30 +11:00 × 2",
    "2026-10-03T15:45Z = 2026-10-04T02:45 +11:00 × 1",
  ]);
  assert.deepEqual(told("45 1 * * *", "Australia/Lord_Howe", "2026-04-04T12:00Z", "2026-04-04T18:00Z"), [
    "2026-04-04T14:45Z = 2026-04-05T01:45 +11:00 × 1",
  ]);
  assert.equal(told("45 * * * *", "Australia/Lord_Howe", "2026-04-04T14:30Z", "2026-04-04T15:30Z").length, 2);
});

Deno.test("Apia left out 30 December 2011, so its runs come with the first instant of the 31st", () => {
  // 24:00-10:00 on the 29th is 00:00+14:00 on the 31st, both 10:00Z on the 30th.
  assert.deepEqual(told("0 6,18 * * *", "Pacific/Apia", "2011-12-29T15:00Z", "2011-12-31T05:00Z"), [
    "2011-12-29T16:00Z = 2011-12-29T06:00 -10:00 × 1",
    "2011-12-30T04:00Z = 2011-12-29T18:00 -10:00 × 1",
    "2011-12-30T10:00Z = 2011-12-31T00:00 +14:00 × 2",
    "2011-12-30T16:00Z = 2011-12-31T06:00 +14:00 × 1",
    "2011-12-31T04:00Z = 2011-12-31T18:00 +14:00 × 1",
  ]);
  assert.deepEqual(told("0 0 30 12 *", "Pacific/Apia", "2011-06-01T00:00Z", "2012-06-01T00:00Z"), [
    "2011-12-30T10:00Z = 2011-12-31T00:00 +14:00 × 1",
  ]);
  assert.deepEqual(told("0 * 30 12 *", "Pacific/Apia", "2011-06-01T00:00Z", "2012-06-01T00:00Z"), []);
});

Deno.test("where midnight is left out the day's first run comes at one o'clock", () => {
  // São Paulo 2018-11-04 00:00-03:00 is 01:00-02:00, 03:00Z; Cairo 2026-04-24 and Beirut 2026-03-29 00:00+02:00, 22:00Z.
  assert.deepEqual(told("@daily", "America/Sao_Paulo", "2018-11-03T12:00Z", "2018-11-04T12:00Z"), [
    "2018-11-04T03:00Z = 2018-11-04T01:00 -02:00 × 1",
  ]);
  assert.deepEqual(told("@daily", "Africa/Cairo", "2026-04-23T12:00Z", "2026-04-24T12:00Z"), [
    "2026-04-23T22:00Z = 2026-04-24T01:00 +03:00 × 1",
  ]);
  assert.deepEqual(told("@weekly", "Asia/Beirut", "2026-03-23T12:00Z", "2026-03-30T12:00Z"), [
    "2026-03-28T22:00Z = 2026-03-29T01:00 +03:00 × 1",
  ]);
});

Deno.test("a leap day waits for its year, and 2100 has none", () => {
  const leap = parseCron("0 12 29 2 *");
  assert.equal(nextOccurrence(leap, "UTC", Date.parse("2096-03-01T00:00Z"))?.at, Date.parse("2104-02-29T12:00Z"));
  const elapsed = nextOccurrence(parseCron("30 * 29 2 *"), "Europe/Berlin", Date.parse("2026-01-01T00:00Z"));
  assert.deepEqual(elapsed, {
    at: Date.parse("2028-02-28T23:30Z"),
    local: "2028-02-29T00:30",
    offset: "+01:00",
    occurrences: 1,
  });
});

Deno.test("day-of-month or day-of-week is enough when both are restricted, and a plain star restricts nothing", () => {
  // August 2026 begins on a Saturday: its Fridays are 7, 14, 21 and 28.
  const days = (cron: string) =>
    told(cron, "UTC", "2026-07-31T12:00Z", "2026-08-31T12:00Z").map((run) => Number(run.slice(8, 10)));
  assert.deepEqual(days("0 0 13 * 5"), [7, 13, 14, 21, 28]);
  assert.deepEqual(days("0 0 13 * *"), [13]);
  assert.deepEqual(days("0 0 * * 5"), [7, 14, 21, 28]);
  assert.deepEqual(days("0 0 */10 * 5"), [1, 7, 11, 14, 21, 28, 31]);
  assert.equal(days("0 0 1-31 * 5").length, 31);
});

Deno.test("an outage of 72 hours is 4,320 minutes, and the ten years from 2016 are 87,672 hours", () => {
  const now = Date.parse("2026-03-28T10:17:33.250Z");
  assert.equal(countBetween(parseCron("* * * * *"), "Europe/Berlin", now - 72 * HOUR, now), 4_320);
  assert.equal(occurrencesBetween(parseCron("* * * * *"), "Europe/Berlin", now - 72 * HOUR, now, 10_000).length, 4_320);
  // 2016-01-01 to 2026-01-01: 3,653 days, three of them leap days.
  const decade = [Date.parse("2016-01-01T00:00Z"), Date.parse("2026-01-01T00:00Z")] as const;
  assert.equal(countBetween(parseCron("@hourly"), "Asia/Tehran", ...decade), 3_653 * 24);
});

Deno.test("bounds exclude after and include until; limits, fractions and odd instants are held", () => {
  const daily = parseCron("0 12 * * *");
  const noon = Date.parse("2026-05-01T12:00Z");
  assert.deepEqual(occurrencesBetween(daily, "UTC", noon, noon + DAY, 9).map((o) => o.at), [noon + DAY]);
  assert.deepEqual(occurrencesBetween(daily, "UTC", noon - 1, noon, 9).map((o) => o.at), [noon]);
  assert.deepEqual(occurrencesBetween(daily, "UTC", noon - 0.4, noon + 0.4, 9).map((o) => o.at), [noon]);
  assert.equal(countBetween(daily, "UTC", noon, noon), 0);
  assert.equal(countBetween(daily, "UTC", noon, noon - DAY), 0);
  assert.equal(occurrencesBetween(daily, "UTC", noon, Infinity, 3).length, 3);
  assert.deepEqual(occurrencesBetween(daily, "UTC", noon, Infinity, 0), []);
  assert.equal(nextOccurrence(daily, "UTC", Infinity), null);
  assert.equal(nextOccurrence(daily, "UTC", -Infinity)?.local, "0001-01-02T12:00");
  assert.throws(() => nextOccurrence(daily, "UTC", NaN), CronError);
  assert.throws(() => occurrencesBetween(daily, "UTC", noon, noon, 1.5), CronError);
});

Deno.test("offsets with seconds, from the time of local mean time, are told with their seconds", () => {
  // Monrovia was at -00:44:30 until 1972-01-07.
  assert.deepEqual(nextOccurrence(parseCron("0 12 * * *"), "Africa/Monrovia", Date.parse("1971-06-01T00:00Z")), {
    at: Date.parse("1971-06-01T12:44:30Z"),
    local: "1971-06-01T12:00",
    offset: "-00:44:30",
    occurrences: 1,
  });
});

// ---------------------------------------------------------------- the oracle

/** One field: its text, and the values it names by the definition of the dialect, not by the parser. */
type Field = { text: string; values: Set<number>; star: boolean };
type Model = { text: string; minute: Field; hour: Field; dayOfMonth: Field; month: Field; dayOfWeek: Field };

function field(low: number, high: number, likely: fc.Arbitrary<Field>, name?: (value: number) => string) {
  const item = (from: number, to: number, step: number, text: string): Field => {
    const values = new Set<number>();
    for (let value = from; value <= to; value++) if ((value - from) % step === 0) values.add(value);
    return { text, values, star: text === "*" };
  };
  const said = (value: number) => name === undefined ? String(value) : name(value);
  const value = fc.integer({ min: low, max: high }).map((v) => item(v, v, 1, said(v)));
  const range = fc.tuple(
    fc.integer({ min: low, max: high }),
    fc.integer({ min: low, max: high }),
    fc.integer({ min: 1, max: 5 }),
  )
    .map(([a, b, step]) => {
      const [from, to] = a < b ? [a, b] : [b, a];
      return item(from, to, step, `${said(from)}-${said(to)}${step === 1 ? "" : `/${step}`}`);
    });
  const stepped = fc.integer({ min: 2, max: Math.min(high - low, 30) }).map((step) =>
    item(low, high, step, `*/${step}`)
  );
  const single = fc.oneof(value, range, stepped);
  const list = fc.array(single, { minLength: 2, maxLength: 3 }).map((items): Field => ({
    text: items.map((i) => i.text).join(","),
    values: new Set(items.flatMap((i) => [...i.values])),
    star: false,
  }));
  const star = fc.constant(item(low, high, 1, "*"));
  return fc.oneof({ weight: 3, arbitrary: star }, { weight: 4, arbitrary: likely }, { weight: 2, arbitrary: single }, {
    weight: 1,
    arbitrary: list,
  });
}

const exactly = (...values: number[]): fc.Arbitrary<Field> =>
  fc.subarray(values, { minLength: 1, maxLength: 3 }).map((chosen) => ({
    text: chosen.join(","),
    values: new Set(chosen),
    star: false,
  }));
const everything = (low: number, high: number): fc.Arbitrary<Field> =>
  fc.constant({ text: "*", values: new Set(Array.from({ length: high - low + 1 }, (_, i) => low + i)), star: true });
const NAMES = ["sun", "Mon", "TUE", "wed", "Thu", "FRI", "sat"];

const model: fc.Arbitrary<Model> = fc.record({
  minute: field(0, 59, exactly(0, 1, 15, 30, 45, 59)),
  hour: field(0, 23, exactly(0, 1, 2, 3, 22, 23)),
  dayOfMonth: field(1, 31, everything(1, 31)),
  month: field(1, 12, everything(1, 12)),
  dayOfWeek: field(0, 6, everything(0, 6), (day) => NAMES[day] ?? ""),
}).map((m) => ({
  ...m,
  text: [m.minute, m.hour, m.dayOfMonth, m.month, m.dayOfWeek].map((f) => f.text).join(" "),
})).filter((m) => m.text.length <= 100);

/** The definition: `wall` is a wall time as if it were in UTC. */
function matches(m: Model, wall: Date): boolean {
  return m.minute.values.has(wall.getUTCMinutes()) && m.hour.values.has(wall.getUTCHours()) && dateMatches(m, wall);
}

function dateMatches(m: Model, wall: Date): boolean {
  if (!m.month.values.has(wall.getUTCMonth() + 1)) return false;
  const byMonth = m.dayOfMonth.values.has(wall.getUTCDate());
  const byWeek = m.dayOfWeek.values.has(wall.getUTCDay());
  if (m.dayOfMonth.star) return m.dayOfWeek.star || byWeek;
  return m.dayOfWeek.star ? byMonth : byMonth || byWeek;
}

/** Of real time, what the wall shows each minute (`shown`); of wall time, when each minute is due (`due`). */
type Window = {
  zone: string;
  from: number;
  change: number;
  shown: { at: number; wall: Date }[];
  due: { at: number; wall: Date }[];
};

/** Walks minute by minute over what Intl says the wall shows, four days with a change in the middle. */
function walk(zone: string, middle: string): Window {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  const from = Date.parse(`${middle}T00:00Z`) - 2 * DAY;
  const shown = Array.from({ length: 4 * 1_440 }, (_, minute) => {
    const at = from + minute * 60_000;
    const [, month, day, year, hour, min] = format.format(at).match(/^(\d\d)\/(\d\d)\/(\d{4}), (\d\d):(\d\d)$/) ?? [];
    return { at, wall: new Date(`${year}-${month}-${day}T${hour}:${min}Z`) };
  });
  const firstShown = new Map<number, number>();
  for (const { at, wall } of shown) if (!firstShown.has(wall.getTime())) firstShown.set(wall.getTime(), at);
  const due: Window["due"] = [];
  const [first, last] = [shown[0], shown.at(-1)];
  for (let wall = first?.wall.getTime() ?? 0; wall <= (last?.wall.getTime() ?? 0); wall += 60_000) {
    const at = firstShown.get(wall) ?? shown.find((minute) => minute.wall.getTime() > wall)?.at;
    if (at !== undefined) due.push({ at, wall: new Date(wall) });
  }
  const ahead = (minute: Window["shown"][number] | undefined) => (minute?.wall.getTime() ?? 0) - (minute?.at ?? 0);
  const change = shown.find((minute) => ahead(minute) !== ahead(shown[0]))?.at ?? from + 2 * DAY;
  return { zone, from, change, shown, due };
}

const WINDOWS = ([
  ["Europe/Berlin", "2026-03-29"],
  ["Europe/Berlin", "2026-10-25"],
  ["Europe/Berlin", "2010-10-31"], // the zone cache begins a chunk in the second pass of the repeated hour
  ["America/New_York", "2026-03-08"],
  ["America/New_York", "2026-11-01"],
  ["Australia/Lord_Howe", "2026-04-05"],
  ["Australia/Lord_Howe", "2026-10-04"],
  ["Pacific/Apia", "2011-12-30"],
  ["Pacific/Kwajalein", "1993-08-21"],
  ["America/Sao_Paulo", "2018-02-18"],
  ["America/Sao_Paulo", "2018-11-04"],
  ["Africa/Cairo", "2026-04-24"],
  ["Africa/Cairo", "2026-10-30"],
  ["Asia/Beirut", "2026-03-29"],
  ["Asia/Beirut", "2026-10-25"],
  ["America/St_Johns", "2010-03-14"], // changes at 00:01
  ["America/St_Johns", "2010-11-07"],
  ["Antarctica/Troll", "2026-03-29"], // two hours
  ["Antarctica/Troll", "2026-10-25"],
  ["America/Caracas", "2007-12-09"], // back half an hour
  ["Asia/Kathmandu", "1986-01-01"], // a gap of 15 minutes
  ["Africa/Casablanca", "2026-02-15"],
  ["UTC", "2028-02-29"],
  ["Asia/Kolkata", "2025-12-31"],
] as const).map(([zone, middle]) => () => walk(zone, middle));

/** Walked once, when first needed. */
const walked: Window[] = [];
function windows(): Window[] {
  if (walked.length === 0) walked.push(...WINDOWS.map((start) => start()));
  return walked;
}

type Run = { at: number; local: string; offset: string; occurrences: number };

function oracle(m: Model, window: Window, after: number, until: number): Run[] {
  const fired = m.hour.text.startsWith("*") ? window.shown : window.due;
  const counts = new Map<number, number>();
  for (const { at, wall } of fired) {
    if (at > after && at <= until && matches(m, wall)) counts.set(at, (counts.get(at) ?? 0) + 1);
  }
  return [...counts].sort(([a], [b]) => a - b).map(([at, occurrences]) => {
    const wall = window.shown[(at - window.from) / 60_000]?.wall ?? new Date(NaN);
    const ahead = (wall.getTime() - at) / 60_000;
    const two = (n: number) => String(Math.floor(n)).padStart(2, "0");
    const offset = `${ahead < 0 ? "-" : "+"}${two(Math.abs(ahead) / 60)}:${two(Math.abs(ahead) % 60)}`;
    return { at, local: wall.toISOString().slice(0, 16), offset, occurrences };
  });
}

/** Whether any day of eight years, one of them a leap year, matches. */
function everFires(m: Model): boolean {
  for (let day = 0; day < 8 * 366; day++) if (dateMatches(m, new Date(Date.UTC(2020, 0, 1) + day * DAY))) return true;
  return false;
}

// ---------------------------------------------------------------- properties

/** Two instants to the second, so that they also fall between minutes: far from the change, or within 3 h of it. */
const moment = fc.record({ near: fc.boolean(), seconds: fc.nat(90 * 3_600) });
function moments(window: Window, ...chosen: { near: boolean; seconds: number }[]): number[] {
  const { from, change } = window;
  return chosen.map(({ near, seconds }) =>
    near ? change - 3 * HOUR + seconds * 1_000 % (6 * HOUR) : from + 3 * HOUR + seconds * 1_000
  ).sort((a, b) => a - b);
}

Deno.test("occurrences and counts are those of an oracle that walks the wall minute by minute, in every zone and kind", () => {
  fc.assert(
    fc.property(model, fc.nat(WINDOWS.length - 1), moment, moment, fc.nat(100), (m, index, one, other, percent) => {
      const window = windows()[index];
      if (window === undefined || !everFires(m)) return;
      const { zone } = window;
      const [after = 0, until = 0] = moments(window, one, other);
      const cron = parseCron(m.text);
      const expected = oracle(m, window, after, until);
      assert.deepEqual(occurrencesBetween(cron, zone, after, until, 10_000), expected, `${m.text} ${zone}`);
      const next = nextOccurrence(cron, zone, after);
      assert.deepEqual(next !== null && next.at <= until ? next : undefined, expected[0], `${m.text} ${zone}`);
      // A count is the sum of the occurrences, and windows that touch add up.
      const sum = expected.reduce((total, run) => total + run.occurrences, 0);
      const middle = after + Math.floor((until - after) * percent / 100);
      assert.equal(countBetween(cron, zone, after, until), sum, `${m.text} ${zone}`);
      const parts = countBetween(cron, zone, after, middle) + countBetween(cron, zone, middle, until);
      assert.equal(parts, sum, `${m.text} ${zone}`);
    }),
    { seed: SEED, numRuns: 800 },
  );
});

Deno.test("over twelve years the days are those of the calendar, and what never fires is refused", () => {
  const start = Date.UTC(2095, 11, 31, 23, 59);
  fc.assert(
    fc.property(model, (m) => {
      const text = m.text.replace(/^\S+ \S+/, "0 0");
      if (!everFires(m)) return assert.throws(() => parseCron(text), CronError, text);
      const expected: number[] = [];
      for (let at = start + 60_000; at < start + 4_383 * DAY; at += DAY) {
        if (dateMatches(m, new Date(at))) expected.push(at);
      }
      const found = occurrencesBetween(parseCron(text), "UTC", start, start + 4_383 * DAY, 5_000).map((o) => o.at);
      assert.deepEqual(found, expected, text);
      assert.equal(countBetween(parseCron(text), "UTC", start, start + 4_383 * DAY), expected.length);
    }),
    { seed: SEED, numRuns: 40 },
  );
});

Deno.test("30 2 * * * runs once on every local day of 2025 and 2026, in every zone there is", () => {
  const cron = parseCron("30 2 * * *");
  const days = Array.from({ length: 730 }, (_, day) => new Date(Date.UTC(2025, 0, 1 + day)).toISOString().slice(0, 10));
  for (const zone of Intl.supportedValuesOf("timeZone")) {
    const date = new Intl.DateTimeFormat("en-CA", {
      timeZone: zone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
    });
    const runs = occurrencesBetween(cron, zone, Date.UTC(2024, 11, 30), Date.UTC(2027, 0, 3), 1_000);
    const ran = runs.map((run) => run.local.slice(0, 10)).filter((day) => day >= "2025-01-01" && day <= "2026-12-31");
    assert.equal(ran.join(), days.join(), zone);
    assert(runs.every((run) => run.occurrences === 1), zone);
    // Intl agrees on the date, each month and wherever the offset changes.
    runs.filter((run, i) => i % 30 === 0 || run.offset !== runs[i - 1]?.offset).forEach((run) => {
      assert.equal(date.format(run.at), run.local.slice(0, 10), zone);
    });
  }
});

// ---------------------------------------------------------------- words and Deno's dialect

Deno.test("expressions are told in short words", () => {
  const words = {
    "* * * * *": "every minute",
    "*/15 * * * *": "every 15 minutes",
    "0,15,30,45 * * * *": "every 15 minutes",
    "*/45 * * * *": "at minutes 0 and 45 of every hour",
    "5-8 * * * *": "at minutes 5 to 8 of every hour",
    "@hourly": "hourly",
    "30 * * * *": "hourly at minute 30",
    "0 */2 * * *": "every 2 hours",
    "15 */6 * * *": "every 6 hours at minute 15",
    "0 */7 * * *": "daily at 00:00, 07:00, 14:00 and 21:00",
    "0 3 * * *": "daily at 03:00",
    "0 3,15 * * *": "daily at 03:00 and 15:00",
    "@weekly": "Sundays at 00:00",
    "30 8 * * 1": "Mondays at 08:30",
    "30 8 * * 1-5": "Mondays to Fridays at 08:30",
    "0 9 * * 0,6": "Saturdays and Sundays at 09:00",
    "0 9 * * 0-6": "daily at 09:00",
    "0 3 * 6-8 *": "daily in June to August at 03:00",
    "@monthly": "monthly on the 1st at 00:00",
    "0 0 2,3,11,22 * *": "monthly on the 2nd, 3rd, 11th and 22nd at 00:00",
    "0 0 31 * *": "on the 31st of months that have it at 00:00",
    "@yearly": "yearly on 1 January at 00:00",
    "0 0 29 2 *": "in leap years on 29 February at 00:00",
    "0 6 1 1,7 *": "on the 1st of January and July at 06:00",
    "0 0 13 * 5": "on the 13th and on Fridays at 00:00",
    "*/15 * * * 1-5": "every 15 minutes, Mondays to Fridays",
    "*/10 9-17 * * 1-5": "every 10 minutes from 09:00 to 17:50, Mondays to Fridays",
    "0 9-17 * * *": "hourly from 09:00 to 17:00",
    "* 4 * 12 *": "every minute from 04:00 to 04:59, in December",
    "5,7 0,6,12,18 * * *": "at minutes 5 and 7 of hours 0, 6, 12 and 18",
    "*/30 */2 1 * *": "every 30 minutes of hours 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20 and 22, on the 1st",
  };
  for (const [expression, expected] of Object.entries(words)) {
    assert.equal(describeCron(expression), expected, expression);
  }
});

Deno.test("Deno's dialect gets plain fields with names for weekdays, and never an expression that never fires", () => {
  assert.equal(toDenoCron("*/30 * * * 1-5"), "0,30 * * * MON-FRI");
  assert.equal(toDenoCron(" 0 0 * * 0 "), "0 0 * * SUN");
  assert.equal(toDenoCron("0 0 * * 5-7"), "0 0 * * SUN,FRI-SAT");
  assert.equal(toDenoCron("@daily"), "0 0 * * *");
  assert.equal(toDenoCron("0 0 13 JAN Fri"), "0 0 13 1 FRI");
  assert.equal(toDenoCron("0 0 1-31 * 5"), "0 0 * * *");
  for (const never of ["0 0 31 2 *", "0 0 30 2 *", "", "0 0 ? * *", "nonsense"]) assert.equal(toDenoCron(never), null);
});

Deno.test("an expression and its translation for Deno fire together in UTC", () => {
  fc.assert(
    fc.property(model, (m) => {
      if (!everFires(m)) return assert.equal(toDenoCron(m.text), null);
      const translated = toDenoCron(m.text) ?? "";
      assert.match(translated, /^[0-9,*-]+ [0-9,*-]+ [0-9,*-]+ [0-9,*-]+ (\*|[A-Z,-]+)$/);
      // Every day of a leap year at one of its times, then every minute of one of its days.
      const [hour] = m.hour.values;
      const [minute] = m.minute.values;
      const days = Array.from({ length: 366 }, (_, day) => new Date(Date.UTC(2028, 0, 1 + day, hour, minute)));
      const fires = days.find((day) => dateMatches(m, day)) ?? new Date(NaN);
      const minutes = Array.from({ length: 1_440 }, (_, time) => new Date(new Date(fires).setUTCHours(0, time)));
      for (const at of [...days, ...minutes]) {
        if (saysDeno(translated, at) !== matches(m, at)) {
          assert.fail(`${m.text} → ${translated} at ${at.toISOString()}`);
        }
      }
    }),
    { seed: SEED, numRuns: 40 },
  );
});

/** Deno.cron 2.9 (saffron) for values, ranges, `*` and names: either day field is enough unless one of them is `*`. */
function saysDeno(expression: string, at: Date): boolean {
  const weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
  const number = (text: string) => weekdays.includes(text) ? weekdays.indexOf(text) : Number(text);
  const has = (text: string | undefined, value: number) =>
    (text ?? "").split(",").some((item) => {
      const [from = "", to = from] = item.split("-");
      return item === "*" || number(from) <= value && value <= number(to);
    });
  const [minute, hour, dayOfMonth, month, dayOfWeek] = expression.split(" ");
  const byMonth = has(dayOfMonth, at.getUTCDate());
  const byWeek = has(dayOfWeek, at.getUTCDay());
  const day = dayOfMonth === "*" || dayOfWeek === "*" ? byMonth && byWeek : byMonth || byWeek;
  return has(minute, at.getUTCMinutes()) && has(hour, at.getUTCHours()) && has(month, at.getUTCMonth() + 1) && day;
}
