import type { Caller } from "../access.ts";
import { rate, yearlyFigure } from "../analytics/figures.ts";
import { domainMeta, domainQuestion } from "../analytics/question.ts";
import type { Needs } from "../context.ts";
import { breakdown, fitting, peopleFigures, type Point, reachSeries, type Row } from "./breakdown.ts";
import { type People, shownPeople } from "./people.ts";
import { ADDITIVE, peopleOf, REACHED, seenReach, totalReached } from "./reach.ts";
import type { ProjectBeneficiaries, ProjectBeneficiariesQuery } from "./reach_schema.ts";
import { type Layer, stackedBy } from "./stack.ts";

/**
 * Who was reached, and how that grows. Reads the window's rows of people once, those of the period before for how they
 * were reached, and the roll-ups. Readers without a token see no cell of fewer than 5 people.
 * @throws {DomainError} `invalid` for a window that cannot be, of more than 1,000 periods or more than 20,000 cells
 */
export async function getProjectBeneficiaries(
  ctx: Needs<"db" | "config">,
  caller: Caller,
  query: ProjectBeneficiariesQuery,
): Promise<ProjectBeneficiaries> {
  const question = await domainQuestion(ctx, "projects", query);
  const reach = await seenReach(ctx, caller, question, { interval: query.interval, stacked: true });
  const { now, then, cells, projection, periods } = reach;
  const last = shownPeople(peopleOf(await totalReached(ctx, question, question.year_before), []), projection);
  const open = !now.suppressed;
  const all = breakdown(cells.category, projection, open);
  const categories = fitting(all, "categories");
  const projects = fitting(breakdown(cells.project, projection, open), "projects");
  const named = cells.country.some((cell) => cell.name !== null);
  const countries = fitting(named ? breakdown(cells.country, projection, open) : [], "countries");
  const points = reachSeries(periods, cells.period, question, projection, open);
  const layers = stackedBy(shownNames(all), cells.period_category, periods.length, projection);
  return {
    ...peopleFigures(now, then),
    beneficiaries: yearlyFigure("count", now.total, then.total, last.total),
    direct_share: rate(directShare(now), directShare(then)),
    suppressed: now.suppressed,
    by_category: categories.rows.map(({ name, ...rest }) => ({ category: name, ...rest })),
    by_project: projects.rows.map(({ name, ...rest }) => ({ project_id: name, ...rest })),
    by_country: countries.rows.map(({ name, ...rest }) => ({ country: name, ...rest })),
    interval: reach.interval,
    series: points.map(totalOf),
    series_by_category: layers.map((layer) => layerOf(layer, points)),
    reason: reach.reason,
    meta: domainMeta(question, "rows", {
      names: [REACHED],
      warnings: [
        ...(reach.reason === null ? [ADDITIVE] : []),
        ...[...categories.warnings, ...projects.warnings, ...countries.warnings],
      ],
    }),
  };
}

/** direct / (direct + indirect): of the people of whom the readings say which. */
export function directShare({ direct, indirect }: People): { numerator: number | null; denominator: number | null } {
  return { numerator: direct, denominator: direct === null || indirect === null ? null : direct + indirect };
}

/** The categories whose totals the reader sees. */
const shownNames = (rows: readonly Row[]) => rows.filter((row) => row.beneficiaries !== null).map((row) => row.name);

const totalOf = ({ period, complete, beneficiaries, suppressed }: Point) => ({
  ...{ period, complete, beneficiaries },
  suppressed: suppressed && beneficiaries === null,
});

/** Before the first reading there is neither a total nor a layer, and nothing that is hidden. */
function layerOf({ category, rest, people }: Layer, points: readonly Point[]) {
  const known = ({ beneficiaries, suppressed }: Point) => beneficiaries !== null || suppressed;
  return {
    ...{ category, rest },
    points: points.map((point, b) => ({
      period: point.period,
      beneficiaries: known(point) ? people[b] ?? null : null,
    })),
  };
}
