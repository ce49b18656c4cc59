import { addDays, daysBetween } from "../days.ts";
import { DomainError, type FieldError } from "../errors.ts";
import type { GoalTerms } from "./progress.ts";
import { LONGEST_WINDOW_DAYS } from "./schema.ts";

/**
 * Checks what no single field can tell: that the window ends after it starts, and that there is a way to the target.
 * @throws {DomainError} `invalid`, with every field that is wrong
 */
export function checkTerms(terms: GoalTerms): void {
  const errors = [...windowErrors(terms), ...targetErrors(terms)];
  if (errors.length > 0) throw new DomainError("invalid", "The request is not valid", { errors });
}

function windowErrors({ start_date, end_date }: GoalTerms): FieldError[] {
  if (end_date < start_date) return [{ pointer: "/end_date", detail: `must not be before start_date, ${start_date}` }];
  if (daysBetween(start_date, end_date) < LONGEST_WINDOW_DAYS) return [];
  const last = addDays(start_date, LONGEST_WINDOW_DAYS - 1);
  return [{
    pointer: "/end_date",
    detail: `must be ${last} at the latest: a window has at most ${LONGEST_WINDOW_DAYS} days`,
  }];
}

function targetErrors({ direction, baseline_value: from, target_value: to }: GoalTerms): FieldError[] {
  if (to === from) {
    const why = direction === "maintain" ? "a band lies between two different bounds" : "there is no way to go";
    return [{ pointer: "/target_value", detail: `must differ from baseline_value, ${from}: ${why}` }];
  }
  if (direction === "increase" && to < from) {
    return [{ pointer: "/target_value", detail: `must be above baseline_value, ${from}, or direction "decrease"` }];
  }
  if (direction === "decrease" && to > from) {
    const detail = `must be the value to come down from, above target_value, ${to}`;
    return [{ pointer: "/baseline_value", detail }];
  }
  return [];
}
