// Every pair of colours that text or a mark is drawn in, in both themes, by the formula of WCAG 2.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";

const sheet = readFileSync(resolve("src/ui/tokens.css"), "utf8");
const THEMES = { light: tokensOf("light"), dark: tokensOf("dark") };

const GROUNDS = ["canvas", "surface", "sunken", "hover"];
const STATUSES = ["ok", "attention", "critical", "info", "unknown"];
/** Text on what it stands on: 4.5 at least. */
const TEXT: [string, string][] = [
  ...["text", "text-2", "accent", ...STATUSES].flatMap((text) => on(text, GROUNDS)),
  ...on("text-3", ["canvas", "surface", "sunken", "hover"]),
  ...STATUSES.map((status): [string, string] => [status, `${status}-soft`]),
  // Notices: their text stands on the status' ground.
  ...["attention-soft", "critical-soft"].flatMap((ground) => [
    ...on("text", [ground]),
    ...on("text-2", [ground]),
  ]),
  ...on("text", ["accent-soft"]),
  ["on-ink", "ink"],
  ["on-ink", "ink-hover"],
  ["surface", "critical"],
];
/** The edge of a control, the focus, a mark of a chart: 3 at least. */
const MARKS: [string, string][] = [
  ...on("control-line", ["surface"]),
  ...on("focus", ["canvas", "surface"]),
  ...on("accent", ["surface"]),
  ...on("plan", ["surface"]),
];

function on(text: string, grounds: string[]): [string, string][] {
  return grounds.map((ground) => [text, ground]);
}

it.each(["light", "dark"] as const)("text can be read in the %s theme", (theme) => {
  expect(tooClose(theme, TEXT, 4.5)).toEqual([]);
});

it.each(["light", "dark"] as const)("controls and marks can be seen in the %s theme", (theme) => {
  expect(tooClose(theme, MARKS, 3)).toEqual([]);
});

it("both themes name the same colours, each of which is checked or only a line or ground", () => {
  expect(Object.keys(THEMES.dark).sort()).toEqual(Object.keys(THEMES.light).sort());
  const checked = new Set([...TEXT, ...MARKS].flat());
  const others = Object.keys(THEMES.light).filter((name) => !checked.has(name));
  expect(others).toEqual(["line", "line-strong", "hatch"]);
});

it("the formula is the one of WCAG", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 5);
  expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.478, 2);
});

function tooClose(theme: keyof typeof THEMES, pairs: [string, string][], least: number) {
  const tokens = THEMES[theme];
  return pairs
    .map(([text, ground]) => ({
      pair: `${text} on ${ground}`,
      is: contrast(tokens[text] ?? "", tokens[ground] ?? ""),
    }))
    .filter(({ is }) => !(is >= least));
}

function tokensOf(theme: string): Record<string, string> {
  const [, block = ""] =
    new RegExp(`data-mantine-color-scheme="${theme}"\\] \\{([^}]*)\\}`).exec(sheet) ?? [];
  return Object.fromEntries(
    [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = "", value = ""]) => [
      name,
      value,
    ]),
  );
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
