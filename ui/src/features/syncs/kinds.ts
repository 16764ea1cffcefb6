import type { Sync } from "../../api/types.ts";

export const KINDS: Record<Sync["kind"], string> = {
  backfill: "Backfill",
  daily: "Daily",
  month_close: "Month close",
  file: "Delivered file",
};
