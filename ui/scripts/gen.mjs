// Writes the API types from the two committed OpenAPI documents.
import { readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";

for (const name of ["global", "cell"]) {
  const source = new URL(`../src/api/openapi.${name}.json`, import.meta.url);
  const target = new URL(`../src/api/schema.${name}.d.ts`, import.meta.url);
  const ast = await openapiTS(withoutOperationIds(JSON.parse(readFileSync(source, "utf8"))));
  const head = `// Generated from openapi.${name}.json by \`npm run gen\`; do not edit.\n`;
  writeFileSync(target, head + astToString(ast));
}

/** Callers name paths, never operations, so an operation's id may be anything, even a repeated one. */
function withoutOperationIds(document) {
  for (const operations of Object.values(document.paths)) {
    for (const operation of Object.values(operations)) delete operation.operationId;
  }
  return document;
}
