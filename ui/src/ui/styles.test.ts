// The sheet of Mantine's styles holds what is used: a component without its styles looks broken, and
// all of them together weigh more than the product's own code.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";

const STYLES = resolve("node_modules/@mantine/core/styles");
const sheet = readFileSync(resolve("src/ui/mantine.css"), "utf8");

it("every component in use has its styles in the sheet", () => {
  const used = readdirSync("src", { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx$/.test(name) && !name.includes(".test."))
    .flatMap((name) => importsOf(readFileSync(join("src", name), "utf8")));
  const missing = [...new Set(used)]
    .filter((name) => existsSync(join(STYLES, `${name}.layer.css`)))
    .filter((name) => !sheet.includes(`/${name}.layer.css"`));
  expect(missing).toEqual([]);
});

function importsOf(text: string): string[] {
  const lists = [...text.matchAll(/import \{([^}]*)\} from "@mantine\/core"/g)];
  return lists.flatMap(([, names = ""]) => names.split(",").map((name) => name.trim()));
}
