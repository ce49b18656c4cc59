/** `deno task openapi`: prints the OpenAPI document. */
import { openApiDocument } from "../../routes/openapi.ts";
import { terminal } from "../../services/adapters/terminal.ts";
import { documentedApp } from "./app.ts";

terminal.print(JSON.stringify(JSON.parse(openApiDocument(documentedApp())), null, 2));
