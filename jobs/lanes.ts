import type { JobType } from "../db/schema/enums.ts";

/** Places for runs that go on at the same time. */
export type Lane = {
  types: readonly JobType[];
  /** Places that nobody has. */
  free(): number;
  /** Takes a place; call what it returns to leave it, once. */
  enter(): () => void;
};

/** Runs that hold pages of a feed or a whole report in memory. */
const HEAVY_PLACES = 4;

/**
 * Two lanes, so that a few long and heavy runs never keep hundreds of small ones waiting, and hundreds of small ones never
 * mean hundreds of reports in memory.
 * @param places of the light lane
 */
export function createLanes(places: number): { light: Lane; heavy: Lane } {
  return {
    light: lane(["goal_update", "custom"], places),
    heavy: lane(["data_sync", "report_generation"], Math.min(HEAVY_PLACES, places)),
  };
}

function lane(types: readonly JobType[], places: number): Lane {
  let taken = 0;
  return {
    types,
    free: () => places - taken,
    enter() {
      taken++;
      return () => {
        taken--;
      };
    },
  };
}
