// What was found by name, as lines of the palette. A line item opens its order's page.
import type { Found } from "../../api/types.ts";
import { org } from "../../lib/paths.ts";
import type { Command } from "./commands.ts";

const GROUPS = {
  advertiser: "Advertisers",
  insertion_order: "Insertion orders",
  line_item: "Line items",
} as const;

export function toFound(items: readonly Found[], go: (to: string) => void): Command[] {
  return items.map((item) => ({
    id: `${item.kind} ${item.dsp} ${item.id}`,
    group: GROUPS[item.kind],
    label: item.name,
    detail: item.kind === "advertiser" ? item.id : item.advertiser_name,
    run: () => go(placeOf(item)),
  }));
}

function placeOf({ kind, id, insertion_order_id: order }: Found): string {
  if (kind === "advertiser") return org.pacing({ advertiser: id });
  return org.insertionOrder(order ?? id);
}
