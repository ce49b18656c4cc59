/** Schedules that are due often within an hour; the last ones say hours, which Berlin skips while the chaos goes on. */
export const SCHEDULES = [
  "* * * * *",
  "*/2 * * * *",
  "1-59/3 * * * *",
  "*/5 * * * *",
  "0,1,2,3,30,31,47 * * * *",
  "4-58/9 */1 * * *",
  "*/4 0-3 * * *",
  "*/15,7 2,3 * * *",
] as const;

/** Zones with whole and broken hours; the clocks of Berlin go forward a quarter of an hour after the beginning. */
export const ZONES = ["UTC", "Europe/Berlin", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe"] as const;
