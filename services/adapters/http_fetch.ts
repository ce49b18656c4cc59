import type { Fetch } from "../ports/fetch.ts";

/** The runtime's own HTTP client. */
export const httpFetch: Fetch = (url, request) => fetch(url, request);
