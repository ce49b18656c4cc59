/** One answered request. */
export type RequestLine = { method: string; path: string; status: number; ms: number; request_id: string };

/** One structured log line per call. Secrets and bodies are never given to it. */
export interface Log {
  /** An answered request, at the level info. */
  request(line: RequestLine): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}
