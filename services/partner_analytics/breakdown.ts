import type { CellKey } from "../../db/partner_rows.ts";
import type { Caller } from "../access.ts";
import { cutOf } from "../analytics/cut.ts";
import { domainMeta, nothingRecorded } from "../analytics/question.ts";
import type { Needs } from "../context.ts";
import { seesAll } from "../metrics/personal.ts";
import { mostRowsRead, refuseLongReads } from "../metrics/row_reads.ts";
import type { BreakdownQuery, PartnerBreakdown } from "./breakdown_schema.ts";
import { readCells } from "./cells.ts";
import { bandName, cellName, giftCells, giftNumbers } from "./gift_cells.ts";
import { NAMES, partnerQuestion, readingsOf } from "./question.ts";
import { BAND_BOUNDS } from "./ranges.ts";

const DEFAULT_LIMIT = 10;

/**
 * The gifts of a period by one of their dimensions or by their size, from the rows.
 * @throws {DomainError} `invalid` for a window that makes no sense, with too many rows or more than 10,000 cells
 */
export async function getPartnerBreakdown(
  ctx: Needs<"db" | "config">,
  caller: Caller,
  query: BreakdownQuery,
): Promise<PartnerBreakdown> {
  const { by, limit = DEFAULT_LIMIT } = query;
  const question = await partnerQuestion(ctx, query);
  const axis = cutOf(ctx, question.window);
  const reads = { cells: question.gifts, levels: [], levels_from_start: false };
  await refuseLongReads(ctx.db, axis, mostRowsRead(ctx.config), reads);
  const key: CellKey = by === "size_band" ? { bounds: BAND_BOUNDS } : { dimension: by };
  const asked = { readings: readingsOf("gift", question.gifts), axis, key };
  const cells = await readCells(ctx, asked, { limit, discreet: !seesAll(caller) });
  const known = nothingRecorded(question, [NAMES.gift]);
  const none = cells.whole?.n === 0;
  return {
    by,
    unit: question.currency,
    total: giftNumbers(known === null ? cells.whole : null),
    ...giftCells(cells, limit, by === "size_band" ? bandName : cellName),
    reason: known ?? (none ? "There is no gift in the period" : null),
    meta: domainMeta(question, "rows", { names: [NAMES.gift] }),
  };
}
