// Metrics of the unified model as figures: whole ones as they are, the others are in millionths.
import { count, exactMoney } from "./money.ts";
import { plain } from "./sentence.ts";

const WHOLE = new Set(["rows", "impressions", "billable_impressions", "clicks"]);
const MILLION = 1_000_000;

/** With its currency, where it is money. */
export function metricText(
  metric: string,
  value: number | null | undefined,
  currency?: string | null,
): string {
  if (value == null) return "–";
  if (currency) return exactMoney(value, currency);
  if (WHOLE.has(metric)) return count(value);
  return new Intl.NumberFormat(undefined, {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  }).format(value / MILLION);
}

const ORDER = [
  "impressions",
  "billable_impressions",
  "clicks",
  "conversions",
  "revenue",
  "media_cost",
  "billable_cost",
];

/** As people read them: what was delivered, what came of it, what it cost. */
export function inOrder(metrics: Iterable<string>): string[] {
  const place = (metric: string) => {
    const at = ORDER.indexOf(withoutUnit(metric));
    return at === -1 ? ORDER.length : at;
  };
  return [...new Set(metrics)].sort((a, b) => place(a) - place(b));
}

export const metricWord = (metric: string) => plain(withoutUnit(metric));

/** Columns of silver carry their unit in the name. */
const withoutUnit = (metric: string) => metric.replace(/_micros$/, "");
