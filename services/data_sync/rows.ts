import type { ServiceName } from "../../db/schema/enums.ts";
import type { FieldError } from "../errors.ts";
import { LIMITS } from "../metrics/schema.ts";
import { isStorable } from "../schema.ts";

/** An item of a page that is no row of its service: its place in the page, from 0, and why. */
export type Stranger = { place: number; errors: FieldError[] };

/**
 * The rows of a page, each with its place in it: a feed speaks for its own service only, and names its rows, so that a
 * page which comes again changes nothing.
 */
export function ownRows(
  service: ServiceName,
  items: readonly unknown[],
): { rows: unknown[]; places: number[]; strangers: Stranger[] } {
  const rows: unknown[] = [];
  const places: number[] = [];
  const strangers: Stranger[] = [];
  for (const [place, item] of items.entries()) {
    const row = typeof item === "object" && item !== null
      ? { service_name: service, external_id: null, ...item }
      : null;
    const error = strangeness(service, row);
    if (error === null) {
      rows.push(row);
      places.push(place);
    } else {
      strangers.push({ place, errors: [error] });
    }
  }
  return { rows, places, strangers };
}

function strangeness(
  service: ServiceName,
  row: { service_name: unknown; external_id: unknown } | null,
): FieldError | null {
  if (row === null) return { pointer: "", detail: "must be an object" };
  if (row.external_id === null || row.external_id === undefined) {
    return { pointer: "/external_id", detail: "must be given, so that the row is known when it comes again" };
  }
  if (row.service_name !== service) return { pointer: "/service_name", detail: `must be ${service}, or be left out` };
  return null;
}

/** The source's own name of a row, where it is one that can be kept. */
export function nameOf(item: unknown): string | null {
  if (typeof item !== "object" || item === null || !("external_id" in item)) return null;
  const { external_id } = item;
  if (typeof external_id !== "string" || external_id.length > LIMITS.external_id) return null;
  return isStorable(external_id) ? external_id : null;
}
