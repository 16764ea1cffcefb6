// The first visit's JavaScript must stay small, and charts must not be part of it.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const LIMIT = 250 * 1024;
const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8"));

/** A chunk with everything that it loads before it can run. */
function closure(key, seen = new Set()) {
  if (!seen.has(key)) {
    seen.add(key);
    for (const other of manifest[key].imports ?? []) closure(other, seen);
  }
  return seen;
}

const gzip = (key) => gzipSync(readFileSync(new URL(manifest[key].file, dist))).length;
const total = (keys) => [...keys].reduce((sum, key) => sum + gzip(key), 0);
const kb = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;

const entry = closure("index.html");
const pages = Object.keys(manifest).filter((key) => /features\/.*Page\.tsx$/.test(key));
const chart = closure(Object.keys(manifest).find((key) => key.endsWith("DeliveryChart.tsx")));
let worst = { page: "entry", bytes: total(entry) };
let chartsAreLazy = true;
const chartOwn = [...chart].filter((key) => !entry.has(key));
for (const page of pages) {
  const keys = closure(page, new Set(entry));
  if (total(keys) > worst.bytes) worst = { page, bytes: total(keys) };
  if (chartOwn.some((key) => gzip(key) > 50 * 1024 && keys.has(key))) chartsAreLazy = false;
}

console.log(`entry ${kb(total(entry))}, with the largest page ${kb(worst.bytes)} (${worst.page})`);
console.log(`charts ${kb(total(chartOwn))}, lazy: ${chartsAreLazy}`);
if (worst.bytes > LIMIT || !chartsAreLazy) {
  console.error(`over the limit of ${kb(LIMIT)} gzip, or charts are not lazy`);
  process.exit(1);
}
