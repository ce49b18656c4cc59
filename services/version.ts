/** The version of the service: in the health answer, the OpenAPI document and the receipt of a report. */
export const VERSION = "0.1.0";
