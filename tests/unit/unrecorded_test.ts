import { deepStrictEqual as equal } from "node:assert/strict";
import { whyUnrecorded } from "../../services/metrics/unrecorded.ts";

Deno.test("what is not recorded is answered with what is: no such type, names of the type, units of the name", () => {
  const gift = { service_name: "partners_crm", metric_type: "donation", metric_name: "donation_received" } as const;
  const recorded = [{ ...gift, metric_unit: "USD" }, { ...gift, metric_unit: "EUR" }, { ...gift, metric_unit: null }];
  equal(
    [
      whyUnrecorded(recorded, { service_name: "projects", metric_type: "donation", metric_name: "d_cnst" }),
      whyUnrecorded(recorded, { metric_type: "revenue" }),
      whyUnrecorded(recorded, { metric_type: "donation", services: ["auth", "content"] }),
      whyUnrecorded(recorded, { service_name: "partners_crm", metric_type: "donation", metric_name: "d_cnst" }),
      whyUnrecorded(recorded, { ...gift, metric_unit: "GBP" }),
      whyUnrecorded(recorded, { metric_type: "donation", metric_unit: "GBP" }),
    ],
    [
      "projects records nothing of type donation",
      "Nothing of type revenue is recorded by any service",
      "Nothing of type donation is recorded by any of auth, content",
      "No d_cnst is recorded; of type donation there is donation_received",
      "No donation_received is recorded in GBP; there is EUR, USD, no unit",
      "No donation is recorded in GBP; there is EUR, USD, no unit",
    ],
  );
});
