import { addDays, yearBefore } from "../../services/days.ts";

/** One thing that a partner did on a day. */
export type Deed = { partner: string; kind: "gift" | "interaction" | "registration"; day: string };

/** Days, both inclusive. */
type Days = { start_date: string; end_date: string };

/** Who stands how, one partner after the other from the definitions, with no thought of how long it takes. */
export function recountPartners(deeds: readonly Deed[], period: Days, before: Days) {
  const end = period.end_date;
  const year = { start_date: yearBefore(addDays(end, 1)), end_date: end };
  const lastYear = { start_date: yearBefore(year.start_date), end_date: addDays(year.start_date, -1) };
  const partners = [...new Set(deeds.filter((one) => one.day <= end).map((one) => one.partner))].map((partner) => {
    const days = (kind: Deed["kind"], until = end) =>
      deeds.filter((one) => one.partner === partner && one.kind === kind && one.day <= until).map((one) => one.day)
        .sort();
    const [gifts, ever] = [days("gift"), days("gift", "9999-12-31")];
    const gaveIn = (stretch: Days) => gifts.some((day) => within(day, stretch));
    const firstIn = (stretch: Days) => gifts[0] !== undefined && within(gifts[0], stretch);
    return {
      active: [...gifts, ...days("interaction")].some((day) => within(day, year)),
      fresh: firstIn(period) || days("registration").some((day) => within(day, period)),
      lapsed: gaveIn(lastYear) && !gaveIn(year),
      returned: gifts.some((day, i) => i > 0 && within(day, period) && yearAfter(gifts[i - 1] ?? "") < day),
      gave: gaveIn(period),
      gaveBefore: gaveIn(before),
      firstBefore: firstIn(before),
      again: ever[1] !== undefined && ever[1] <= yearAfter(ever[0] ?? ""),
    };
  });
  const count = (is: (one: typeof partners[number]) => boolean) => partners.filter(is).length;
  return {
    total: partners.length,
    active: count((one) => one.active),
    new: count((one) => one.fresh),
    lapsed: count((one) => one.lapsed),
    reactivated: count((one) => one.returned),
    donor_retention: [count((one) => one.gave && one.gaveBefore), count((one) => one.gaveBefore)],
    new_donor_retention: [count((one) => one.gave && one.firstBefore), count((one) => one.firstBefore)],
    second_gift_rate: [count((one) => one.again && one.firstBefore), count((one) => one.firstBefore)],
  };
}

const within = (day: string, { start_date, end_date }: Days) => start_date <= day && day <= end_date;

/** The same day a year later; 28 February for the 29th. */
function yearAfter(day: string): string {
  const after = `${Number(day.slice(0, 4)) + 1}${day.slice(4)}`;
  return after.endsWith("-02-29") ? `${after.slice(0, 4)}-02-28` : after;
}
