import { deepStrictEqual as equal } from "node:assert/strict";
import { requestAllSyncs, requestSync } from "../../../services/data_sync/mod.ts";
import { DomainError } from "../../../services/errors.ts";
import { configure, feed, gift, page, pullingRunner, storedRows } from "../feed.ts";
import type { App } from "../../support/app.ts";
import type { registerWorkers } from "./workers.ts";

const local = { kind: "local" } as const;

const clean = (t: App) => t.db.exec("delete from data_syncs; delete from metrics");

/** Syncs that are asked for and pulled at the same moment, on connections of their own. */
export const dataSyncRaceCases: Parameters<typeof registerWorkers>[1] = {
  async "of those who ask for a sync at the same moment one gets it, and the others hear of it"({ a, b }) {
    await clean(a);
    await using source = feed(() => page([gift(1), gift(2)]));
    for (const app of [a, b]) configure(app, { partners_crm: source.url, projects: source.url });
    const asked = await Promise.all(
      Array.from(
        { length: 10 },
        (_, i) =>
          requestSync((i % 2 === 0 ? a : b).ctx, local, { service_name: "partners_crm" }).then(
            ({ id }) => id,
            (error) => {
              if (error instanceof DomainError && error.code === "conflict") {
                return error.message;
              }
              throw error;
            },
          ),
      ),
    );
    const [winner = ""] = asked.filter((answer) => !answer.includes(" "));
    const told = `partners_crm is being synced already: sync ${winner}`;
    equal(asked.toSorted(), [winner, ...Array.from({ length: 9 }, () => told)].toSorted());
    const fans = await Promise.all([a, b, a, b].map((app) => requestAllSyncs(app.ctx)));
    const results = (place: number) => fans.map(({ services }) => services[place]?.result).toSorted();
    equal(results(2), Array.from({ length: 4 }, () => "already_running"));
    equal(results(3), ["already_running", "already_running", "already_running", "started"]);
    await Promise.all([pullingRunner(a).tick(), pullingRunner(b).tick()]);
    equal(await a.db.query("select service_name, status from data_syncs order by 1"), [
      { service_name: "partners_crm", status: "completed" },
      { service_name: "projects", status: "completed" },
    ]);
    equal([source.asked.length, await storedRows(a)], [2, [["gift-1", 1], ["gift-2", 2]]]);
    await clean(a);
  },
};
