import { z } from "@hono/zod-openapi";
import type { Db } from "../../db/client.ts";
import {
  type CatalogRow,
  countCatalog,
  enterDefinitions,
  findCatalogRow,
  listCatalog,
  type Meaning,
  type MetricKey,
  storeDefinition,
} from "../../db/metric_definitions.ts";
import { countRowsBehind } from "../../db/metric_series.ts";
import { METRIC_TYPES, SERVICE_NAMES } from "../../db/schema/enums.ts";
import type { Needs } from "../context.ts";
import { DomainError, invalid } from "../errors.ts";
import { knownTotal, type Page, pageOf, placeOf } from "../paging.ts";
import { text } from "../schema.ts";
import { type CatalogEntry, type CatalogQuery, type MetricDefinition, MOST_RECOUNTED } from "./catalog_schema.ts";
import { isInDictionary } from "./dictionary.ts";
import { LIMITS } from "./schema.ts";

const catalogCursor = z.tuple([z.enum(SERVICE_NAMES), z.enum(METRIC_TYPES), text(LIMITS.metric_name)]);

/** The metric names that are defined or recorded, by service, type and name. */
export async function getCatalog(ctx: Needs<"db">, query: CatalogQuery): Promise<Page<CatalogEntry>> {
  const { service_name, metric_type, kind, recorded, ...paged } = query;
  const filter = {
    ...(service_name && { service_name }),
    ...(metric_type && { metric_type }),
    ...(kind && { kind }),
    ...(recorded !== undefined && { recorded }),
  };
  const place = placeOf(paged, catalogCursor);
  const rows = await listCatalog(ctx.db, filter, { ...place, rows: place.limit + 1 });
  const total = knownTotal(rows.length, place) ?? { total: await countCatalog(ctx.db, filter) };
  return pageOf(rows.map(shown), place, total, (one) => [one.service_name, one.metric_type, one.metric_name]);
}

/**
 * Says what a metric name means, anew or instead of what it meant. Roll-ups that rest on its kind and keys are counted
 * again in the same transaction, so that a crash leaves it as it was; defining the same again changes nothing.
 * @param expected the version that the caller has seen, or null where that does not matter
 * @throws {DomainError} `invalid`; `precondition_failed` when it changed in the meantime; `invalid_state` for another
 *   kind or other keys of a metric that the domain analytics read, or where too many rows would be counted again
 */
export async function defineMetric(
  ctx: Needs<"db">,
  metric_name: string,
  { service_name, metric_type, ...asked }: MetricDefinition,
  expected: number | null,
): Promise<{ entry: CatalogEntry; created: boolean }> {
  const key = { service_name, metric_type, metric_name };
  const meaning = meaningOf(asked);
  if (meaning.kind !== "gauge" && meaning.series_key.length > 0) {
    throw invalid("/series_key", `is for gauges: the readings of a ${meaning.kind} are of no series`);
  }
  return await ctx.db.transaction(async (tx) => {
    await enterDefinitions(tx);
    const before = await findCatalogRow(tx, key);
    if (expected !== null && expected !== before?.version) {
      throw new DomainError("precondition_failed", "The definition changed in the meantime");
    }
    const created = before === null || before.version === null;
    if (!created && isSame(before, meaning)) return { entry: shown(before), created };
    if (!created && isInDictionary(key)) checkDictionary(before, meaning);
    if (isRecounted(created ? null : before, meaning)) await refuseLongRecount(tx, key);
    await storeDefinition(tx, key, meaning);
    const after = await findCatalogRow(tx, key);
    if (after === null) throw new TypeError("A definition that was just stored is found");
    return { entry: shown(after), created };
  });
}

function meaningOf(asked: Omit<MetricDefinition, "service_name" | "metric_type">): Meaning {
  const { kind, unit = null, good_direction = "up", is_primary = false } = asked;
  const { series_key = [], entity_key = null, description = "" } = asked;
  return { kind, unit, good_direction, is_primary, series_key, entity_key, description };
}

const identityOf = ({ kind, series_key, entity_key }: Meaning) => JSON.stringify([kind, series_key, entity_key]);

function isSame(before: Meaning, meaning: Meaning): boolean {
  return identityOf(before) === identityOf(meaning) &&
    (["unit", "good_direction", "is_primary", "description"] as const).every((field) =>
      before[field] === meaning[field]
    );
}

/** Whether storing a meaning makes the database count the rows of its name again. */
function isRecounted(before: Meaning | null, meaning: Meaning): boolean {
  if (before === null) return meaning.kind === "gauge" || meaning.entity_key !== null;
  return identityOf(before) !== identityOf(meaning);
}

function checkDictionary(before: CatalogRow, meaning: Meaning): void {
  if (identityOf(before) === identityOf(meaning)) return;
  const { metric_name, kind, series_key, entity_key } = before;
  throw new DomainError(
    "invalid_state",
    `The analytics of its service read ${metric_name}, so these stay: kind ${JSON.stringify(kind)}, series_key ` +
      `${JSON.stringify(series_key)}, entity_key ${JSON.stringify(entity_key)}`,
  );
}

async function refuseLongRecount(tx: Db, key: MetricKey): Promise<void> {
  const rows = await countRowsBehind(tx, [{ ...key, metric_unit: null }], "1970-01-01", "infinity");
  if (rows <= MOST_RECOUNTED) return;
  throw new DomainError(
    "invalid_state",
    `Its service and type have ${rows} rows, and no sender could store any while they are counted again; beyond ` +
      `${MOST_RECOUNTED} that is left to an operator, who changes ops.metric_definitions in a quiet hour`,
  );
}

function shown({ version, recorded, ...row }: CatalogRow): CatalogEntry {
  return { ...row, defined: version !== null, version, recorded };
}
