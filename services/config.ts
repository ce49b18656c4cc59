import { z } from "zod";
import { WEEK_STARTS } from "./metrics/calendar.ts";
import { allowedHosts } from "./outbound/target.ts";
import { isTimeZone } from "./time_zone.ts";
import { SECRET_FORM } from "./webhooks/signature.ts";

const flag = z.enum(["true", "false"]).transform((text) => text === "true");
const whole = (low: number, high: number) => z.coerce.number().int().min(low).max(high);
const httpUrl = z.url({ protocol: /^https?$/ });
const hosts = z.string().transform((list, ctx) => {
  const named = allowedHosts(list);
  if (named === null) ctx.addIssue("must be host or host:port, with commas between");
  return named ?? [];
});

/** Every setting of the service: its name in the environment, its default, and a sentence for `.env.example`. */
export const SETTINGS = {
  PORT: whole(0, 65_535).default(8009).describe("The port to listen on; 0 takes a free one"),
  HOST: z.string().min(1).optional().describe("The address to listen on; the loopback of both families when unset"),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional().describe(
    "Postgres; the embedded database when unset",
  ),
  DATABASE_POOL: whole(1, 100).default(10).describe("Connections to Postgres"),
  DATA_DIR: z.string().min(1).default(".data").describe("Where the embedded database and the outbox live"),
  MIGRATE_ON_START: flag.default(true).describe("Apply missing migrations when starting"),
  AUTH_MODE: z.enum(["open", "token"]).optional()
    .describe("open (only on a loopback address, and the default there) or token (the default elsewhere)"),
  PUBLIC_READS: flag.default(true).describe("Whether reading works without a token"),
  AUTH_JWKS_URL: httpUrl.optional().describe("Keys of the organisation's auth service, for JWTs"),
  AUTH_ISSUER: z.string().min(1).optional().describe("The issuer that JWTs must name; required with AUTH_JWKS_URL"),
  AUTH_AUDIENCE: z.string().min(1).optional().describe("The audience that JWTs must name; required with AUTH_JWKS_URL"),
  TRUSTED_PROXIES: whole(0, 5).default(0).describe("How many proxies stand before the service and set X-Forwarded-For"),
  RATE_LIMIT_PER_MINUTE: whole(1, 10_000_000).default(60_000).describe(
    "Requests a minute of one token, or of open mode",
  ),
  ANONYMOUS_RATE_LIMIT_PER_MINUTE: whole(1, 10_000_000).default(6_000)
    .describe("Requests a minute of one address without a token"),
  MAX_CONCURRENT_REQUESTS: whole(1, 10_000).default(64).describe(
    "Requests under way at once; more are told to come back",
  ),
  ORG_TIMEZONE: z.string().refine(isTimeZone, "must be an IANA time zone such as Europe/Berlin").default("UTC")
    .describe("The organisation's time zone: it decides which day a metric belongs to"),
  ORG_WEEK_START: z.enum(WEEK_STARTS).default("monday").describe("The first day of a week: monday, sunday or saturday"),
  ORG_FISCAL_YEAR_START: whole(1, 12).default(1).describe("The month with which a fiscal year begins"),
  LEASE_S: whole(3, 300).default(15).describe("Seconds after which a silent worker's run is taken over"),
  DENO_DEPLOY: z.string().optional().describe("Set by Deno Deploy itself: there jobs get no wake-ups of their own"),
  JOB_CONCURRENCY: whole(1, 1_000).default(64).describe(
    "Light runs at once in a process; of syncs and reports at most 4",
  ),
  LOG_LEVEL: z.enum(["info", "warn", "error", "silent"]).default("info").describe("The least severe log line to write"),
  AUTH_SERVICE_URL: httpUrl.optional().describe("Metrics feed of the auth service"),
  CONTENT_SERVICE_URL: httpUrl.optional().describe("Metrics feed of the content service"),
  PARTNERS_CRM_SERVICE_URL: httpUrl.optional().describe("Metrics feed of the partners CRM"),
  PROJECTS_SERVICE_URL: httpUrl.optional().describe("Metrics feed of the projects service"),
  SOCIAL_MEDIA_SERVICE_URL: httpUrl.optional().describe("Metrics feed of the social media service"),
  NOTIFICATION_SERVICE_URL: httpUrl.optional().describe("Metrics feed of the notification service"),
  WEBHOOK_SECRET: z.string().regex(SECRET_FORM, "must be whsec_ and the base64 of at least 24 random bytes").optional()
    .describe("Signs webhooks, which are refused without it: whsec_ and what `openssl rand -base64 32` prints"),
  ALERT_WEBHOOK_URL: httpUrl.optional()
    .describe("Who is told of goals that alert, are achieved or fail, by signed webhooks; needs WEBHOOK_SECRET"),
  OUTBOUND_ALLOWED_HOSTS: hosts.prefault("")
    .describe("Hosts that users may send us to although they are not public: host or host:port, with commas between"),
  SYNC_STALE_AFTER_S: whole(60, 31_536_000).default(86_400)
    .describe("Seconds after which metrics that were not synced anew count as stale"),
  SYNC_TOKEN: z.string().min(1).optional().describe("Bearer token that the metrics feeds ask for"),
} as const;

type Settings = { [Name in keyof typeof SETTINGS]: z.output<typeof SETTINGS[Name]> };

/** The configuration, checked as a whole. */
export type Config = Omit<Settings, "AUTH_MODE"> & { AUTH_MODE: "open" | "token" };

/**
 * Reads the configuration from an environment; empty variables count as unset.
 * @throws {Error} that names every variable that is wrong and what is legal
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.keys(SETTINGS).map((name) => [name, env[name] || undefined]));
  const parsed = z.object(SETTINGS).safeParse(given);
  if (!parsed.success) {
    throw new Error(parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("\n"));
  }
  const settings = parsed.data as Settings;
  const loopback = settings.HOST === undefined || isLoopback(settings.HOST);
  const AUTH_MODE = settings.AUTH_MODE ?? (loopback ? "open" : "token");
  if (AUTH_MODE === "open" && !loopback) {
    throw new Error("AUTH_MODE: open is only accepted on a loopback address; set AUTH_MODE=token or HOST=127.0.0.1");
  }
  const jwt = [settings.AUTH_JWKS_URL, settings.AUTH_ISSUER, settings.AUTH_AUDIENCE].filter((value) =>
    value !== undefined
  );
  if (jwt.length !== 0 && jwt.length !== 3) {
    throw new Error("AUTH_JWKS_URL, AUTH_ISSUER and AUTH_AUDIENCE go together: set all three or none");
  }
  if (settings.ALERT_WEBHOOK_URL !== undefined && settings.WEBHOOK_SECRET === undefined) {
    throw new Error("ALERT_WEBHOOK_URL: alerts are signed; set WEBHOOK_SECRET too");
  }
  return { ...settings, AUTH_MODE };
}

/** Whether an address to listen on can only be reached from this machine. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}

/** The text of `.env.example`. */
export function envExample(): string {
  const lines = ["# Every setting and its default. Copy to .env, or set them in the environment.", ""];
  for (const [name, setting] of Object.entries(SETTINGS)) {
    const fallback = setting.safeParse(undefined);
    lines.push(`# ${setting.description}`, `#${name}=${fallback.data ?? ""}`, "");
  }
  return lines.join("\n");
}
