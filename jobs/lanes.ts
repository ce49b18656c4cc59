import type { JobLane } from "../db/schema/enums.ts";

/** Places for runs that go on at the same time. */
export type Lane = {
  name: JobLane;
  /** Places that nobody has. */
  free(): number;
  /** Takes a place; call what it returns to leave it, once. */
  enter(): () => void;
  /** Whether a place was left since this was asked last. */
  freed(): boolean;
};

export type Lanes = Record<JobLane, Lane>;

/** Runs that hold pages of a feed or a whole report in memory. */
const HEAVY_PLACES = 4;

/**
 * Two lanes, so that a few long and heavy runs never keep hundreds of small ones waiting, and hundreds of small ones never
 * mean hundreds of reports in memory.
 * @param places of the light lane
 */
export function createLanes(places: number): Lanes {
  return { light: lane("light", places), heavy: lane("heavy", Math.min(HEAVY_PLACES, places)) };
}

function lane(name: JobLane, places: number): Lane {
  let taken = 0;
  let left = false;
  return {
    name,
    free: () => places - taken,
    enter() {
      taken++;
      return () => {
        taken--;
        left = true;
      };
    },
    freed() {
      const freed = left;
      left = false;
      return freed;
    },
  };
}
