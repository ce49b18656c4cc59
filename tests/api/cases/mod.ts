import { advancedCases } from "./advanced.ts";
import { baseCases } from "./base.ts";
import { examplesCases } from "./examples.ts";
import { goalsCases } from "./goals.ts";
import { keysCases } from "./keys.ts";
import { reportsCases } from "./reports.ts";

/** Every case of the HTTP interface; both engines run all of them. */
export const allCases = {
  ...baseCases,
  ...examplesCases,
  ...keysCases,
  ...goalsCases,
  ...advancedCases,
  ...reportsCases,
};
