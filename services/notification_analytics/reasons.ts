import type { ReasonCount } from "../../db/notification_analytics.ts";
import type { Caller } from "../access.ts";
import { quotient } from "../analytics/figures.ts";
import { seesAll } from "../metrics/personal.ts";
import { FAILURES, type NotificationDelivery } from "./delivery_schema.ts";

type Item = NotificationDelivery["failure_reasons"]["items"][number];

/** Stands for readings without a reason. */
const UNSPECIFIED = "unspecified";
/** Stands for reasons that may hold somebody's address, for readers without a token. */
const WITHHELD = "withheld";
/** An e-mail address, or a number as long as a phone's; status codes such as 550 5.1.1 are shorter. */
const ADDRESS = /@|%40|(?:\d[ ()/.-]?){7,}/;

/**
 * The reasons of failures and bounces, the most frequent first.
 * @param counts in groups that are the places of `FAILURES`
 * @param all how many there are of each kind
 */
export function reasonsOf(
  caller: Caller,
  counts: readonly ReasonCount[],
  all: Readonly<Record<typeof FAILURES[number], number | null>>,
): Item[] {
  const items = new Map<string, Item>();
  for (const { g, reason, count } of counts) {
    const kind = FAILURES[g];
    if (kind === undefined) continue;
    const shown = shownReason(caller, reason);
    const known = items.get(`${kind} ${shown}`)?.count ?? 0;
    const total = known + count;
    const share = quotient({ numerator: total, denominator: all[kind] });
    items.set(`${kind} ${shown}`, { kind, reason: shown, count: total, share });
  }
  return [...items.values()].sort((a, b) => b.count - a.count);
}

/** A reason as a caller may see it. Mail servers like to repeat the address that they refuse. */
export function shownReason(caller: Caller, reason: string | null): string {
  if (reason === null) return UNSPECIFIED;
  return seesAll(caller) || !ADDRESS.test(reason) ? reason : WITHHELD;
}
