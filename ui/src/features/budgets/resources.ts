// What is counted, in the units that people think in; the cell counts in whole small ones.
import { bytes } from "../../lib/bytes.ts";
import { count, exactMoney } from "../../lib/money.ts";

type Resource = {
  label: string;
  meaning: string;
  /** Since when it is counted. */
  since: string;
  words: (value: number) => string;
  /** How many of the cell's units one of the form's is. */
  unit: number;
  unitWord: string;
};

const PLAIN = { words: (value: number) => count(value), unit: 1, since: "today" };

const RESOURCES: Record<string, Resource> = {
  calls: {
    ...PLAIN,
    label: "API calls",
    meaning: "Requests that the source counts, in a day of its quota.",
    unitWord: "calls",
  },
  rows: { ...PLAIN, label: "Rows", meaning: "Rows loaded in a day.", unitWord: "rows" },
  bytes: {
    label: "Size",
    meaning: "What is downloaded in a day.",
    since: "today",
    words: (value) => bytes(value),
    unit: 1_000_000,
    unitWord: "MB",
  },
  cost_micros_usd: {
    label: "Cost",
    meaning: "What reading and keeping it costs, in a month.",
    since: "this month",
    words: (value) => exactMoney(value, "USD"),
    unit: 1_000_000,
    unitWord: "US$",
  },
};

/** Tolerant of a resource that this version does not know yet. */
export function resourceOf(name: string): Resource {
  return RESOURCES[name] ?? { ...PLAIN, label: name, meaning: "", unitWord: "" };
}

/** What stands in a field; nothing is no limit. */
export function toField(value: number | null | undefined, resource: string): string {
  return value == null ? "" : String(value / resourceOf(resource).unit);
}

/** Nothing when the field is empty, `undefined` when it is no amount. */
export function fromField(text: string, resource: string): number | null | undefined {
  if (text.trim() === "") return null;
  const value = Math.round(Number(text) * resourceOf(resource).unit);
  return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

export type Fields = { soft: string; hard: string };

export function problemOf({ soft, hard }: Fields, resource: string): string | null {
  const [low, high] = [fromField(soft, resource), fromField(hard, resource)];
  if (low === undefined || high === undefined) return "A number, or nothing for no limit.";
  if (low !== null && high !== null && low > high) return "The warning comes after the limit.";
  return null;
}

type Limit = { soft?: number | null; hard?: number | null };
type Changed = { resource: string; before: Limit; after: Limit };

/** "API calls: limit 1,000 → 500", one for each number that is another one. */
export function changeWords({ resource, before, after }: Changed): string[] {
  const { label, words } = resourceOf(resource);
  const say = (value: number | null | undefined) => (value == null ? "none" : words(value));
  const one = (what: string, old?: number | null, now?: number | null) =>
    (old ?? null) === (now ?? null) ? [] : [`${label}: ${what} ${say(old)} → ${say(now)}`];
  return [...one("warning", before.soft, after.soft), ...one("limit", before.hard, after.hard)];
}
