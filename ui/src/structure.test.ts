// The layout's rules, checked: small files, and imports that only point downwards.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { expect, it } from "vitest";

const SRC = resolve("src");
const MAX_LINES = 250;

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.(ts|tsx)$/.test(name) && !name.endsWith(".d.ts"))
  .map((name) => ({ name, text: readFileSync(join(SRC, name), "utf8") }));

const sources = files.filter(({ name }) => !name.includes(".test."));

/** `features/pacing`, `ui`, `api`, `lib`, or `` for the files at the top. */
function partOf(name: string): string {
  const [first = "", second = ""] = name.split("/");
  if (!name.includes("/")) return "";
  return first === "features" ? `features/${second}` : first;
}

function importsOf({ name, text }: { name: string; text: string }): string[] {
  const paths = [...text.matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g)].map(
    (match) => match[1] ?? "",
  );
  return paths.map((path) => relative(SRC, resolve(SRC, name, "..", path)));
}

it("no file is longer than its limit", () => {
  const long = files.filter(({ text }) => text.split("\n").length > MAX_LINES);
  expect(long.map(({ name }) => name)).toEqual([]);
});

it("no feature imports another, and nothing imports a feature but the routes", () => {
  const wrong = sources.flatMap((file) =>
    importsOf(file)
      .filter((target) => target.startsWith("features/"))
      .filter((target) => partOf(target) !== partOf(file.name) && file.name !== "routes.tsx")
      .map((target) => `${file.name} -> ${target}`),
  );
  expect(wrong).toEqual([]);
});

it("lib knows nothing of the rest, and api nothing of what is drawn", () => {
  const wrong = sources.flatMap((file) => {
    const part = partOf(file.name);
    const allowed = part === "lib" ? ["lib"] : part === "api" ? ["lib", "api"] : null;
    return importsOf(file)
      .filter((target) => allowed !== null && !allowed.includes(partOf(target)))
      .map((target) => `${file.name} -> ${target}`);
  });
  expect(wrong).toEqual([]);
});
