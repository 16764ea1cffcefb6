// Writes the API types from the two committed OpenAPI documents.
import { readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";

for (const name of ["global", "cell"]) {
  const source = new URL(`../src/api/openapi.${name}.json`, import.meta.url);
  const target = new URL(`../src/api/schema.${name}.d.ts`, import.meta.url);
  const ast = await openapiTS(JSON.parse(readFileSync(source, "utf8")));
  const head = `// Generated from openapi.${name}.json by \`npm run gen\`; do not edit.\n`;
  writeFileSync(target, head + astToString(ast));
}
