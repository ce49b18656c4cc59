/** The five fields of an expression, in their order. */
export type CronField = "minute" | "hour" | "day-of-month" | "month" | "day-of-week";

/**
 * An expression, time zone, instant or limit that is not legal.
 * The message is public: it says where it is wrong and what is legal.
 */
export class CronError extends Error {
  readonly where: CronField | "expression" | "timezone" | "instant" | "limit";

  constructor(where: CronError["where"], detail: string) {
    super(`${where}: ${detail}`);
    this.name = "CronError";
    this.where = where;
  }
}
