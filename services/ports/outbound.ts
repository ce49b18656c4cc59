/** What is sent to a URL that a user or the configuration gave. */
export type OutboundRequest = {
  /**
   * Who gave the URL; a user when absent. The place that the configuration names may be internal, and no redirect leads
   * away from its origin.
   */
  named_by?: "user" | "configuration";
  method: "GET" | "POST" | "PUT";
  /** Sent wherever redirects lead. */
  headers: Record<string, string>;
  /** Headers that only the URL's own origin may see: with any, a redirect to another one is a failure. */
  secrets?: Record<string, string>;
  body?: string;
  /** Bytes of the answer that are read, after decompression; 10 MiB when absent. */
  most_bytes?: number;
  signal: AbortSignal;
};

/** What came back. `complete` is false where the body was too long, broke off, or is in a coding that is not known. */
export type OutboundAnswer = { status: number; body: Uint8Array; complete: boolean };

/**
 * One HTTP exchange: only with public addresses, allowed hosts and the very place that the configuration names, bounded
 * in time and size, through at most three redirects, each checked like the first. A POST or PUT follows 307 and 308 alone.
 * @throws {OutboundFailure}
 */
export type Outbound = (url: URL, request: OutboundRequest) => Promise<OutboundAnswer>;

/** Why there was no answer. The message is public and reads on after the name of whom was called. */
export class OutboundFailure extends Error {
  override name = "OutboundFailure";

  constructor(
    readonly code: "url_not_allowed" | "redirected" | "timeout" | "unreachable",
    message: string,
    more: { cause?: unknown } = {},
  ) {
    super(message, more);
  }
}
