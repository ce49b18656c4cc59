import { deepStrictEqual as equal, match, ok, throws } from "node:assert/strict";
import { envExample, isLoopback, readConfig, SETTINGS } from "../../services/config.ts";

Deno.test("an empty environment is a working configuration: embedded, loopback, open", () => {
  const config = readConfig({});
  equal([config.PORT, config.HOST, config.DATABASE_URL, config.DATA_DIR], [8009, undefined, undefined, ".data"]);
  equal([config.AUTH_MODE, config.PUBLIC_READS, config.ORG_TIMEZONE, config.LEASE_S], ["open", true, "UTC", 15]);
});

Deno.test("an empty variable counts as unset", () => {
  equal(readConfig({ PORT: "", DATABASE_URL: "" }).PORT, 8009);
});

Deno.test("a wrong value is refused with its name, all of them at once", () => {
  throws(() => readConfig({ PORT: "eighty", ORG_TIMEZONE: "+02:00" }), (error: Error) => {
    match(error.message, /PORT: /);
    match(error.message, /ORG_TIMEZONE: must be an IANA time zone/);
    return true;
  });
});

Deno.test("open mode is refused on an address that others can reach, and token is the default there", () => {
  throws(() => readConfig({ HOST: "0.0.0.0", AUTH_MODE: "open" }), /AUTH_MODE/);
  equal(readConfig({ HOST: "0.0.0.0" }).AUTH_MODE, "token");
  equal(readConfig({ HOST: "127.0.0.5" }).AUTH_MODE, "open");
});

Deno.test("loopback addresses are told from others", () => {
  for (const host of ["localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]"]) ok(isLoopback(host), host);
  for (const host of ["0.0.0.0", "::", "10.0.0.1", "128.0.0.1", "localhost.example", "1127.0.0.1"]) {
    ok(!isLoopback(host), host);
  }
});

Deno.test("half a JWT configuration refuses to start", () => {
  throws(() => readConfig({ AUTH_JWKS_URL: "https://auth.example/keys" }), /go together/);
  const whole = { AUTH_JWKS_URL: "https://auth.example/keys", AUTH_ISSUER: "auth", AUTH_AUDIENCE: "analytics" };
  equal(readConfig(whole).AUTH_ISSUER, "auth");
});

Deno.test("a receiver of alerts without a key to sign them refuses to start", () => {
  throws(() => readConfig({ ALERT_WEBHOOK_URL: "https://example.org/alerts" }), /ALERT_WEBHOOK_URL.*WEBHOOK_SECRET/);
  throws(() => readConfig({ ALERT_WEBHOOK_URL: "ftp://example.org" }), /ALERT_WEBHOOK_URL/);
  const WEBHOOK_SECRET = `whsec_${btoa("a key that nobody else may know!")}`;
  const ALERT_WEBHOOK_URL = "https://example.org/alerts";
  equal(readConfig({ ALERT_WEBHOOK_URL, WEBHOOK_SECRET }).ALERT_WEBHOOK_URL, ALERT_WEBHOOK_URL);
});

Deno.test("every variable has a sentence, and a default or the absence of one", () => {
  for (const [name, setting] of Object.entries(SETTINGS)) {
    ok((setting.description ?? "").length > 10, name);
    ok(setting.safeParse(undefined).success, `${name} is required, which no setting is`);
  }
});

Deno.test("the example names every variable", () => {
  const text = envExample();
  for (const name of Object.keys(SETTINGS)) match(text, new RegExp(`^#${name}=`, "m"));
  match(text, /^#PORT=8009$/m);
});
