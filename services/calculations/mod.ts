import type { Needs } from "../context.ts";
import { DomainError } from "../errors.ts";
import { detectAnomalies } from "./anomalies.ts";
import { cluster } from "./clustering.ts";
import { correlate } from "./correlation.ts";
import { regress } from "./regression.ts";
import type { Calculated, CustomCalculationRequest, CustomCalculationResponse } from "./schema.ts";

/**
 * Calculates what was asked for; without enough data the answer says what is missing, and never a number.
 * @throws {DomainError} `invalid` for an impossible window, an unknown metric name, or too many rows to read
 */
export async function calculate(
  ctx: Needs<"db" | "config" | "heavy">,
  request: CustomCalculationRequest,
): Promise<CustomCalculationResponse> {
  const { calculation_type } = request;
  const { status, reason, meta, ...result } = await calculated(ctx, request).catch((error) => {
    throw pointingIntoBody(error);
  });
  const none = { correlation: null, regression: null, anomaly_detection: null, clustering: null };
  return { calculation_type, status, reason, ...none, ...result, meta };
}

function calculated(ctx: Needs<"db" | "config" | "heavy">, request: CustomCalculationRequest): Promise<Calculated> {
  switch (request.calculation_type) {
    case "correlation":
      return correlate(ctx, request);
    case "regression":
      return regress(ctx, request);
    case "anomaly_detection":
      return detectAnomalies(ctx, request);
    case "clustering":
      return cluster(ctx, request);
  }
}

/** The readers of metrics point into the query, where most of their callers have the window; here it is in the body. */
function pointingIntoBody(error: unknown): unknown {
  if (!(error instanceof DomainError) || !error.errors.some(({ pointer }) => pointer.startsWith("/query/"))) {
    return error;
  }
  const errors = error.errors.map(({ pointer, detail }) => ({ pointer: pointer.replace(/^\/query/, ""), detail }));
  return new DomainError(error.code, error.message, { cause: error, errors });
}
