// Where to look at what needs somebody.
import type { AttentionItem } from "../../api/types.ts";
import { org } from "../../lib/paths.ts";

export function placeOf({ subject, subject_id: id }: AttentionItem): string {
  switch (subject) {
    case "connection":
      return id ? org.connection(id) : org.connections();
    case "calendar":
      return org.calendar();
    case "quarantine":
      return id ? org.quarantined(id) : org.quarantine();
    case "budgets":
      return org.budgets();
    case "module":
      return id ? org.module(id) : org.modules();
    default:
      // One that this version does not know yet.
      return org.syncs();
  }
}
