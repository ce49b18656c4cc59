import type { MetricType } from "../../db/schema/enums.ts";
import { FEWEST_PEOPLE } from "../analytics/suppression.ts";
import type { Caller } from "../access.ts";
import { DomainError } from "../errors.ts";
import type { Dimensions } from "./schema.ts";

/**
 * Dimensions that name or locate one person. Readers without a token neither see them, nor filter, group or count by
 * them. In lower case; spelling in other cases makes no difference.
 */
export const PERSONAL_DIMENSIONS: ReadonlySet<string> = new Set([
  ...["partner_id", "donor_id", "person_id", "user_id", "customer_id", "contact_id", "member_id", "subscriber_id"],
  ...[
    "beneficiary_id",
    "volunteer_id",
    "employee_id",
    "recipient_id",
    "recipient",
    "created_by",
    "author",
    "author_id",
  ],
  ...["email", "e_mail", "email_address", "phone", "phone_number", "mobile", "name", "first_name", "last_name"],
  ...["full_name", "username", "user_name", "address", "street", "ip", "ip_address", "iban", "device_id"],
]);

/** Whether a dimension is about one person. */
export function isPersonal(key: string): boolean {
  return PERSONAL_DIMENSIONS.has(key.toLowerCase());
}

/** Whether a caller sees all of a metric, or the public projection of it. */
export function seesAll(caller: Caller): boolean {
  return caller.kind !== "anonymous";
}

/** The dimensions that a caller may see. */
export function shownDimensions(caller: Caller, dimensions: Dimensions): Dimensions {
  if (seesAll(caller) || !Object.keys(dimensions).some(isPersonal)) return dimensions;
  return Object.fromEntries(Object.entries(dimensions).filter(([key]) => !isPersonal(key)));
}

/** What a row says, as far as its caller may know it. */
export type Said = { metric_value: number | null; dimensions: Dimensions };

/**
 * What a caller may see of a row: without a token, of one that names a person nothing but that it is there, for it would
 * be a cell of one; and no number of fewer than 5 people reached.
 */
export function publicly(
  caller: Caller,
  { metric_type, metric_value, dimensions }: { metric_type: MetricType; metric_value: number; dimensions: Dimensions },
): Said {
  if (seesAll(caller)) return { metric_value, dimensions };
  if (Object.keys(dimensions).some(isPersonal)) return { metric_value: null, dimensions: {} };
  const few = metric_type === "beneficiary" && metric_value > 0 && metric_value < FEWEST_PEOPLE;
  return { metric_value: few ? null : metric_value, dimensions };
}

/**
 * Lets only callers who may read people's dimensions use them in a question.
 * @throws {DomainError} `forbidden` when an anonymous caller names one
 */
export function refusePersonal(caller: Caller, keys: Iterable<string>): void {
  if (seesAll(caller)) return;
  for (const key of keys) {
    if (isPersonal(key)) {
      throw new DomainError(
        "forbidden",
        `The dimension ${JSON.stringify(key)} is about persons; asking by it needs a token`,
      );
    }
  }
}
