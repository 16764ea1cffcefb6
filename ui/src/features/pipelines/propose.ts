// A first manifest from an example file: what its headers most likely mean. The check and the dry
// run say what is still missing.
import { type CsvShape, dateFormatOf } from "../../lib/csv-shape.ts";
import type { Column, Spec } from "./spec.ts";

type Meaning = Pick<Column, "role" | "kind" | "to">;

const metric = (kind: string, to: string): Meaning => ({ role: "metric", kind, to });
const dimension = (kind: string, to: string): Meaning => ({ role: "dimension", kind, to });

/** In order: the first that fits and is not taken. */
const MEANINGS: [RegExp, Meaning][] = [
  [/^(date|day|tag|datum|fecha|jour)$/, dimension("date", "date")],
  [/\b(advertiser|account|kunde)\b.*\bid\b/, dimension("text", "advertiser_id")],
  [/\bcampaign\b.*\bid\b/, dimension("text", "campaign_id")],
  [/\b(insertion order|order)\b.*\bid\b/, dimension("text", "insertion_order_id")],
  [/\b(line item|ad group|adgroup|ad set)\b.*\bid\b/, dimension("text", "line_item_id")],
  [/\b(currency|währung)\b/, dimension("currency", "currency")],
  [/\bbillable impressions\b/, metric("count", "billable_impressions")],
  [/^(impressions|impressionen|imps)$/, metric("count", "impressions")],
  [/^(clicks|klicks)$/, metric("count", "clicks")],
  [/\b(conversions)\b/, metric("decimal", "conversions")],
  [/\bmedia cost\b/, metric("money", "media_cost")],
  [/\b(spend|cost|revenue|ausgaben|kosten)\b/, metric("money", "revenue")],
];

export type Wish = { name: string; title: string; dsp: string };

export function proposeSpec(wish: Wish, file: { name: string; shape: CsvShape } | null): Spec {
  const shape = file?.shape;
  const columns = shape ? columnsOf(shape) : EXAMPLE;
  const hasCurrency = columns.some(({ to }) => to === "currency");
  return {
    pipeline: wish.name,
    version: 1,
    title: wish.title,
    description: "",
    dataset: "line_item_days",
    source: {
      connector: "file_drop",
      file: {
        dsp: wish.dsp,
        name_pattern: file ? patternOf(file.name) : `${wish.name}_*.csv`,
        format: "csv",
        delimiter: shape?.delimiter ?? ",",
        skip_lines: shape?.skipLines ?? 0,
        totals: shape?.totals ?? "none",
        decimal_separator: shape?.decimalSeparator ?? ".",
        date_format: shape?.dateFormat ?? "y-m-d",
        ...(hasCurrency ? {} : { currency: "EUR" }),
      },
    },
    columns,
    schedule: { every_hours: 24 },
    window: { first_days: 90, look_back_days: 7, month_close_day: 3 },
    contract: {
      new_column: "freeze",
      missing_column: "quarantine",
      retyped_column: "quarantine",
    },
    retention: { bronze_days: 400, silver_days: 400 },
  };
}

/** `ttd_2026-11-23.csv` is one of `ttd_*.csv`. */
export function patternOf(name: string): string {
  return name
    .replace(/\d[\d._-]*(?=\D*$)|\d{4}[-_.]?\d{2}[-_.]?\d{2}/g, "*")
    .replace(/\*+(?=\w+$)/, "*.");
}

function columnsOf({ header, first }: CsvShape): Column[] {
  const taken = new Set<string>();
  const names = new Set<string>();
  return header.map((text, at) => {
    const cell = first[at] ?? "";
    const meaning = meaningOf(text, cell, taken);
    if (meaning.to !== "extra") taken.add(meaning.to);
    const name = freeName(columnName(text), names);
    const column: Column = { name, headers: [text], ...meaning };
    return meaning.to === "extra" ? { ...column, required: false } : column;
  });
}

function meaningOf(header: string, cell: string, taken: ReadonlySet<string>): Meaning {
  const words = header.toLowerCase().replace(/[_-]+/g, " ").trim();
  const found = MEANINGS.find(([shape, { to }]) => shape.test(words) && !taken.has(to));
  if (found) return found[1];
  if (dateFormatOf(cell) !== null && !taken.has("date")) return dimension("date", "date");
  return dimension("text", "extra");
}

/** Lower case letters, digits and _, a letter first. */
export function columnName(text: string): string {
  const name = text
    .replaceAll("ß", "ss")
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[^a-z]+|_+$/g, "")
    .slice(0, 60);
  return name === "" ? "column" : name;
}

function freeName(name: string, names: Set<string>): string {
  let free = name;
  for (let number = 2; names.has(free); number += 1) free = `${name}_${number}`;
  names.add(free);
  return free;
}

const EXAMPLE: Column[] = [
  { name: "day", headers: ["Date"], ...dimension("date", "date") },
  { name: "advertiser", headers: ["Advertiser ID"], ...dimension("text", "advertiser_id") },
  { name: "campaign", headers: ["Campaign ID"], ...dimension("text", "campaign_id") },
  { name: "line_item", headers: ["Line Item ID"], ...dimension("text", "line_item_id") },
  { name: "impressions", headers: ["Impressions"], ...metric("count", "impressions") },
  { name: "clicks", headers: ["Clicks"], ...metric("count", "clicks") },
  { name: "spend", headers: ["Spend"], ...metric("money", "revenue") },
];
