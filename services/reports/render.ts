import { composeReport, type ReportDocument, type ReportFacts } from "./document.ts";

/** A report's file, and what it says about where its figures come from. */
export type RenderedReport = { bytes: Uint8Array<ArrayBuffer>; receipt: ReportDocument["receipt"] };

/** Makes a report's file from its facts. Pure: the same facts give the same bytes. */
export function renderReport(facts: ReportFacts): RenderedReport {
  const document = composeReport(facts);
  return { bytes: renderJson(document), receipt: document.receipt };
}

/** The document itself, laid out for people too. */
export function renderJson(document: ReportDocument): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(document, null, 2) + "\n");
}
