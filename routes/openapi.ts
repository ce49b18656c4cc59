import { VERSION } from "../services/version.ts";
import { type App, isFresh } from "./kit.ts";

/** Resources first; then the same operations by their origin. */
const TAGS = [
  ["metrics", "Readings in, figures and series out"],
  ["goals", "What is to be reached by when, and how far it is"],
  ["reports", "Asked for, made by a run, downloaded"],
  ["jobs", "Schedules, of which every occurrence is accounted for"],
  ["runs", "The ledger: everything that happened later or again"],
  ["advanced", "Forecasts with honest intervals, comparisons, calculations"],
  ["keys", "API keys, for who has the scope admin"],
  ["examples", "Calls to paste, each with its answer"],
  ["health", "Whether the process lives, and should get traffic"],
  ["seed", "The same operations: those of the source document"],
  ["scaffold", "Health and examples"],
  ["extension", "What goes beyond the source document"],
] as const;

/** The OpenAPI document of everything that is registered on the app. */
export function openApiDocument(app: App): string {
  app.openAPIRegistry.registerComponent("securitySchemes", "bearer", {
    type: "http",
    scheme: "bearer",
    description: "An API key (`deno task keys create`) or a JWT of the organisation's auth service",
  });
  const document = app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Analytics service",
      version: VERSION,
      description:
        "Metrics in, answers out: aggregates, goals, predictions, reports, and schedules that never lose a run.",
    },
    servers: [{ url: "/" }],
    tags: TAGS.map(([name, description]) => ({ name, description })),
  });
  return JSON.stringify(document);
}

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Analytics API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<noscript>The reference needs JavaScript. The document itself is at <a href="/openapi.json">/openapi.json</a>.</noscript>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;
const START =
  `SwaggerUIBundle({ url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true, tryItOutEnabled: true });\n`;

const SWAGGER_UI = new URL("../node_modules/swagger-ui-dist/", import.meta.url);

/** swagger-ui styles its elements inline; scripts come from here alone. */
const DOCS_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

const PAGE_HEADERS = { "content-security-policy": DOCS_POLICY, "referrer-policy": "no-referrer" };

/** `/openapi.json` and the interactive reference at `/docs`, both served from here without any CDN. */
export function documentRoutes(app: App): void {
  let built: Promise<{ bytes: Uint8Array<ArrayBuffer>; tag: string }> | undefined;

  app.get("/openapi.json", async (c) => {
    const { bytes, tag } = await (built ??= build(app)); // once; not at start, which it would slow down
    if (isFresh(c, tag)) return c.body(null, 304);
    return c.body(bytes, 200, { "content-type": "application/json" });
  });
  app.get("/", (c) => c.redirect("/docs"));
  app.get("/docs", (c) => c.html(PAGE, 200, PAGE_HEADERS));
  app.get("/docs/start.js", (c) => c.body(START, 200, { "content-type": "text/javascript" }));
  for (const [name, type] of [["swagger-ui.css", "text/css"], ["swagger-ui-bundle.js", "text/javascript"]] as const) {
    app.get(`/docs/${name}`, async (c) => {
      if (isFresh(c, VERSION)) return c.body(null, 304);
      return c.body(await Deno.readFile(new URL(name, SWAGGER_UI)), 200, { "content-type": type });
    });
  }
}

async function build(app: App) {
  const bytes = new TextEncoder().encode(openApiDocument(app));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return { bytes, tag: digest.toHex().slice(0, 24) };
}
