/** One HTTP exchange. Redirects are never followed by it: the caller decides where it goes. */
export type Fetch = (
  url: URL,
  request: { headers: Record<string, string>; signal: AbortSignal; redirect: "manual" },
) => Promise<Response>;
