import { type ComparisonInsight, MOST_INSIGHTS } from "./answer.ts";
import { chanceInsights } from "./insights_chance.ts";
import { periodInsights } from "./insights_periods.ts";
import { rankingInsights } from "./insights_ranking.ts";
import { spreadInsights } from "./insights_spread.ts";
import { reader, READINGS, sentence } from "./sentences.ts";
import { tell, type Telling, type Told } from "./telling.ts";

/**
 * Sentences about a comparison, the weightiest first, at most eight. They say nothing that does not stand in the answer;
 * none where nothing was found.
 */
export function insightsOf(answer: Told): ComparisonInsight[] {
  if (answer.members.length === 0) return [];
  const unit = answer.aggregation === "count" ? READINGS : answer.unit;
  const telling: Telling = {
    answer,
    read: reader(answer, unit),
    place: (key) => answer.members.findIndex((member) => member.key === key),
  };
  const found = [
    ...rankingInsights(telling),
    ...chanceInsights(telling),
    ...periodInsights(telling),
    ...spreadInsights(telling),
  ];
  return found.length > 1 ? found.slice(0, MOST_INSIGHTS) : [...found, basis(telling)];
}

function basis({ read }: Telling): ComparisonInsight {
  return tell("basis", sentence`All of this rests on ${read.count("/n", "reading", "readings")}.`);
}
