// What the list can be about, and where a row of it leads.
import type { PacingLevel, PacingRow } from "../../api/types.ts";
import { org } from "../../lib/paths.ts";

type Words = { level: PacingLevel; many: string; one: string };

export const LEVELS: readonly Words[] = [
  { level: "insertion_order", many: "Insertion orders", one: "Insertion order" },
  { level: "line_item", many: "Line items", one: "Line item" },
  { level: "campaign", many: "Campaigns", one: "Campaign" },
  { level: "advertiser", many: "Advertisers", one: "Advertiser" },
  { level: "portfolio", many: "Portfolios", one: "Portfolio" },
];

export const DEFAULT_LEVEL: PacingLevel = "insertion_order";

export function wordsOf(level: PacingLevel | undefined): Words {
  const found = LEVELS.find((one) => one.level === (level ?? DEFAULT_LEVEL));
  return found ?? (LEVELS[0] as Words);
}

/** An order opens; what sums up orders leads to them. */
export function placeOf(row: PacingRow): string {
  if (row.level === "campaign") return org.pacing({ campaign: row.id });
  if (row.level === "advertiser") return org.pacing({ advertiser: row.id });
  if (row.level === "portfolio") return org.pacing({ portfolio: row.id });
  return org.insertionOrder(row.insertion_order_id);
}
