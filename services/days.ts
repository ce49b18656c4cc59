/** Calendar days as `YYYY-MM-DD`, in arithmetic that knows no zone. */
const DAY_MS = 86_400_000;

const at = (day: string) => Date.parse(`${day}T00:00:00Z`);

/** The day so many days later; earlier where `days` is negative. */
export function addDays(day: string, days: number): string {
  return new Date(at(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Days from one to another: 1 from today to tomorrow, negative backwards. */
export function daysBetween(from: string, to: string): number {
  return Math.round((at(to) - at(from)) / DAY_MS);
}

/** The same day a year earlier; 28 February for the 29th. */
export function yearBefore(day: string): string {
  const [year = "", month = "", date = ""] = day.split("-");
  const before = String(Number(year) - 1).padStart(4, "0");
  return `${before}-${month}-${month === "02" && date === "29" ? "28" : date}`;
}
