// What is due, in words.
import type { RetentionLine } from "../../api/types.ts";
import { bytes } from "../../lib/bytes.ts";
import { addDays, plural, todayIn } from "../../lib/dates.ts";

type Due = Pick<RetentionLine, "days_due" | "rows_due" | "files_due" | "bytes_due">;

export function dueWords(items: readonly Due[]): string {
  const sum = (key: keyof Due) => items.reduce((all, item) => all + item[key], 0);
  const parts = [
    sum("days_due") > 0
      ? `${plural(sum("rows_due"), "row")} of ${plural(sum("days_due"), "advertiser day")}`
      : "",
    sum("files_due") > 0 ? `${plural(sum("files_due"), "file")} of ${bytes(sum("bytes_due"))}` : "",
  ].filter(Boolean);
  if (parts.length === 0) return "Nothing is due to go.";
  return `${parts.join(" and ")} ${sum("days_due") + sum("files_due") === 1 ? "is" : "are"} due to go.`;
}

/** Its days stay longer than it says: they may still change, or another pipeline keeps them. */
export function isHeld(
  item: Pick<RetentionLine, "silver_days" | "silver_before">,
  now = new Date(),
): boolean {
  return item.silver_before < addDays(todayIn("UTC", now), -item.silver_days);
}
