import { PARTNERS } from "./charity.ts";
import { type Day, dayOf, FOUNDED } from "./days.ts";
import { collectionDay, firstPlan, newPartner, type Partner, type PlannedGift } from "./giving.ts";
import { type DemoMetric, metric, type Reading } from "./metric.ts";
import type { Random } from "./random.ts";

/** What the partner register knows on a day: the partners so far, and what is planned for which day number. */
export interface Register {
  readonly partners: Partner[];
  readonly plans: Map<number, PlannedGift[]>;
  readonly refunds: Map<number, PlannedRefund[]>;
  /** Registrations that are due but have not filled up to a whole one. */
  due: number;
}

/** A gift that will be paid back. */
export interface PlannedRefund {
  readonly partner: Partner;
  readonly amount: number;
  /** The key of the gift. */
  readonly key: string;
}

/** "In the 12 months before", in days. */
export const TWELVE_MONTHS = 365;

/** The register of the founding day: the founding partners and their plans. */
export function openRegister(): Register {
  const opening = dayOf(FOUNDED);
  const register: Register = { partners: [], plans: new Map(), refunds: new Map(), due: 0 };
  for (let number = 1; number <= PARTNERS.founding; number++) join(register, opening, true);
  return register;
}

/** Adds the next partner and what they plan. */
export function join(register: Register, day: Day, founding: boolean): Partner {
  const partner = newPartner(register.partners.length + 1, day, founding);
  register.partners.push(partner);
  for (const planned of firstPlan(partner, day, founding)) {
    plan(register, planned, Math.max(collectionDay(planned), day.number));
  }
  return partner;
}

/** Notes a gift for a day. */
export function plan(register: Register, planned: PlannedGift, day: number): void {
  append(register.plans, day, planned);
}

/** Notes a refund for a day. */
export function planRefund(register: Register, refund: PlannedRefund, day: number): void {
  append(register.refunds, day, refund);
}

/** One row of partners_crm. */
export function crmRow(day: Day, reading: Reading): DemoMetric {
  return metric("partners_crm", day, reading);
}

/** A second between 07:00 and 21:00, mostly around the middle of the day. */
export function daytime(random: Random): number {
  return Math.round(3_600 * (7 + 7 * (random.unit() + random.unit())));
}

function append<T>(planned: Map<number, T[]>, day: number, item: T): void {
  const others = planned.get(day);
  if (others) others.push(item);
  else planned.set(day, [item]);
}
