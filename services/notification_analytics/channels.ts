import { namesIn } from "../analytics/by_name.ts";
import { type Counts, countsBy } from "../analytics/counts.ts";
import { domainMeta, domainQuestion, nothingRecorded } from "../analytics/question.ts";
import { ratesAboveOne } from "../analytics/wording.ts";
import type { Needs } from "../context.ts";
import { FLOWS, isMail, LATE, type NotificationFlow, openRate, OUTCOMES, outcomesOf, RATES, ratesOf } from "./rates.ts";
import { MOST_CHANNELS, type NotificationChannels, type NotificationChannelsQuery } from "./schema.ts";

type Row = NotificationChannels["channels"][number];

/**
 * The outcomes and rates of each channel, ranked by clicks: opens are not comparable between channels. Reads the rows of
 * the period and of the one before.
 * @throws {DomainError} `invalid` for a window that cannot be
 */
export async function getNotificationChannels(
  ctx: Needs<"db" | "config">,
  query: NotificationChannelsQuery,
): Promise<NotificationChannels> {
  const question = await domainQuestion(ctx, "notification", query);
  const reason = nothingRecorded(question, FLOWS);
  const rows = reason === null ? ranked(await countsBy(ctx, question, FLOWS, "channel")) : [];
  const channels = rows.slice(0, MOST_CHANNELS);
  return {
    channels,
    total: rows.length,
    reason,
    meta: domainMeta(question, "rows", {
      names: FLOWS,
      warnings: [
        ...channels.flatMap((row) => ratesAboveOne(shares(row), LATE, row.channel ?? "no channel")),
        ...(rows.length > MOST_CHANNELS ? [`${rows.length} channels, of which these are the first`] : []),
      ],
    }),
  };
}

const shares = (row: Row) => Object.fromEntries(namesIn(RATES).map((word) => [word, row[word]]));

/** The channels by click rate, then what was delivered, then name; what has no click rate comes last. */
export function ranked(counts: ReadonlyMap<string | null, Counts<NotificationFlow>>): Row[] {
  return [...counts].map(([channel, own]) => {
    const rates = ratesOf(namesIn(RATES), own);
    return {
      channel,
      ...outcomesOf(namesIn(OUTCOMES), own),
      ...{ ...rates, open_rate: openRate(rates.open_rate, isMail(channel)) },
    };
  }).sort(byClicks).map((row, i) => ({ rank: i + 1, ...row }));
}

type Ranked = Pick<Row, "channel" | "click_rate" | "delivered">;

function byClicks(a: Ranked, b: Ranked): number {
  return (b.click_rate.value ?? -1) - (a.click_rate.value ?? -1) ||
    (b.delivered.value ?? -1) - (a.delivered.value ?? -1) ||
    (textOf(a) < textOf(b) ? -1 : 1);
}

const textOf = ({ channel }: Ranked) => channel ?? "\uffff";
