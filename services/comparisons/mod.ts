/** The verb of comparisons. @module */
import type { Caller } from "../access.ts";
import type { Needs } from "../context.ts";
import { addDays } from "../days.ts";
import { refusePersonal } from "../metrics/personal.ts";
import type { ComparisonResponse } from "./answer.ts";
import { inBody } from "./body_pointers.ts";
import { type Compared, compared } from "./compared.ts";
import { insightsOf } from "./insights.ts";
import { daysOver } from "./period_plan.ts";
import { type Question, settled, throughOf } from "./question.ts";
import { type Observation, readPeriods, readServices } from "./reading.ts";
import type { ComparisonRequest } from "./schema.ts";
import { readSegments } from "./segments.ts";
import type { Told } from "./telling.ts";

/**
 * Compares services, periods or segments: who is best and worst, how far apart they are, whether by more than chance, and
 * what that says in words. Two units are never compared, and what is not over is not ranked beside what is.
 * @throws {DomainError} `invalid`; `forbidden` where a caller without a token asks by a dimension about persons
 */
export async function getComparisons(
  ctx: Needs<"db" | "config">,
  caller: Caller,
  request: ComparisonRequest,
): Promise<ComparisonResponse> {
  const { segment_by, dimensions = {} } = request;
  refusePersonal(caller, [...Object.keys(dimensions), ...segment_by === undefined ? [] : [segment_by]]);
  return await inBody(async () => {
    const question = await settled(ctx, request);
    const read = question.meant.groups.length === 0 ? NOTHING : await observe(ctx, question);
    const silent = read.observed.every(({ n, value }) => n === 0 && (value === null || value === 0));
    const found = silent ? nothing(question, read) : compared(read.observed, read.rest, question.terms);
    const told = { ...about(question), ...found };
    return { ...told, insights: insightsOf(told), meta: metaOf(question, read) };
  });
}

const NOTHING: Observation = { observed: [], rest: null, source: "rollups" };

function observe(ctx: Needs<"db" | "config">, question: Question): Promise<Observation> {
  switch (question.request.comparison_type) {
    case "service":
      return readServices(ctx, question);
    case "time_period":
      return readPeriods(ctx, question);
    case "segment":
      return readSegments(ctx, question);
  }
}

/** An answer without members, and why. */
function nothing(question: Question, { rest }: Observation): Compared {
  const reason = whyNothing(question, rest?.n ?? 0);
  return { ...compared([], rest, question.terms), reason, significance_reason: reason };
}

/** @param unnamed readings that do not have the dimension by which segments are made */
function whyNothing({ meant, unrecorded, window, request, today }: Question, unnamed: number): string {
  const series = meant.groups.flat();
  if (unrecorded !== null) return unrecorded;
  const { start_date, end_date } = daysOver(window, today);
  const days = `from ${start_date} to ${end_date}`;
  if (unnamed > 0) return `No reading ${days} has the dimension "${request.segment_by}"`;
  if (Object.keys(request.dimensions ?? {}).length > 0) return `No reading ${days} has these dimensions`;
  return `No reading ${days}; the latest is of ${series.map((one) => one.last_day).sort().at(-1)}`;
}

/** What an answer is about. */
function about({ request, meant, terms }: Question): Omit<Told, keyof Compared> {
  const [head] = meant.groups.flat();
  return {
    comparison_type: request.comparison_type,
    service_name: request.comparison_type === "service" ? null : head?.service_name ?? null,
    metric_type: request.metric_type,
    metric_name: terms.one_metric ? head?.metric_name ?? null : null,
    unit: head?.metric_unit ?? null,
    kind: head?.kind ?? null,
    dimensions: request.dimensions ?? null,
    segment_by: request.segment_by ?? null,
    aggregation: head === undefined ? null : terms.aggregation,
    interval: request.interval,
  };
}

function metaOf(question: Question, { source }: Observation): ComparisonResponse["meta"] {
  const { window: { start_date, end_date, timezone, complete }, meant, floor, terms, periods, request } = question;
  const series = meant.groups.flat();
  const lost = source === "rows" && floor !== null && start_date < floor;
  return {
    period: { start_date, end_date, timezone, complete },
    compared_with: request.compare === undefined ? null : periods[0]?.window ?? null,
    data_through: series.map((one) => one.last_at).sort().at(-1) ?? null,
    source,
    warnings: [
      ...meant.warnings,
      ...silences(question),
      ...lateStart(question),
      ...(terms.better === null && series.length > 0
        ? ["Neither way is better by the definition, so there is no best and no worst"]
        : []),
      ...(lost ? [`Rows dated before ${floor} are no longer kept; this counts later ones`] : []),
    ],
  };
}

/** Services that sent nothing in the last days of the window. */
function silences({ meant, heard, today, window }: Question): string[] {
  const services = [...new Set(meant.groups.flat().map((one) => one.service_name))];
  return services.flatMap((service) => {
    const through = throughOf(heard, service, today);
    const silent = addDays(through, 1) < today && through < window.end_date && through >= window.start_date;
    return silent ? [`${service} has sent nothing since ${through}`] : [];
  });
}

/** Metrics whose record begins within the window: what is before it is unknown, and not 0. */
function lateStart({ meant, window }: Question): string[] {
  return meant.groups.flatMap((group) => {
    const first = group.map((one) => one.first_day).sort()[0] ?? "";
    const [head] = group;
    const late = head !== undefined && first > window.start_date && first <= window.end_date;
    return late ? [`${head.service_name} / ${head.metric_name} is recorded since ${first} only`] : [];
  });
}
