export { DatabaseUnavailable, RowsLocked, sqlState, StatementTimeout } from "../db/client.ts";

/** What a caller can act on. Each code has one HTTP status, in `routes/problem.ts`. */
export type ErrorCode =
  | "invalid"
  | "not_found"
  | "gone"
  | "conflict"
  | "invalid_state"
  | "not_ready"
  | "not_configured"
  | "precondition_failed"
  | "unauthenticated"
  | "forbidden"
  | "too_large"
  | "too_many"
  | "unavailable"
  | "timeout";

/** One thing that is wrong with the input: a JSON pointer (RFC 6901) and a sentence. */
export type FieldError = { pointer: string; detail: string };

/**
 * A failure that the caller can act on. `message` is public; the cause stays in the log.
 * Anything else that is thrown is a defect and becomes a 500 with a request id.
 */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly errors: FieldError[];

  constructor(code: ErrorCode, message: string, more: { cause?: unknown; errors?: FieldError[] } = {}) {
    super(message, "cause" in more ? { cause: more.cause } : undefined);
    this.name = "DomainError";
    this.code = code;
    this.errors = more.errors ?? [];
  }
}

/**
 * Invalid input found by a verb rather than by a schema: a 422 that names the field.
 * @example
 * ```ts
 * throw invalid("/end_date", "must not be before start_date");
 * ```
 */
export function invalid(pointer: string, detail: string): DomainError {
  return new DomainError("invalid", "The request is not valid", { errors: [{ pointer, detail }] });
}
