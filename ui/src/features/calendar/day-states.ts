// The states a day of data can be in: their words, their order of concern, and their marks.
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleDot,
  IconCircleDotted,
  IconClock,
  IconClockExclamation,
} from "@tabler/icons-react";
import type { CalendarDay, CalendarRow } from "../../api/types.ts";
import type { Status } from "../../ui/Chip.tsx";

export const DAY_STATES = [
  "quarantined",
  "missing",
  "late",
  "unconfirmed",
  "empty",
  "provisional",
  "complete",
] as const satisfies readonly CalendarDay["state"][];
export type DayState = CalendarDay["state"];

export const DAY_STATUS: Record<DayState, Status> = {
  quarantined: { word: "Quarantined", tone: "critical", icon: IconAlertTriangle },
  missing: { word: "Missing", tone: "attention", icon: IconCircleDashed },
  late: { word: "Late", tone: "attention", icon: IconClockExclamation },
  unconfirmed: { word: "Unconfirmed", tone: "unknown", icon: IconCircleDotted },
  empty: { word: "Empty", tone: "unknown", icon: IconCircleDot },
  provisional: { word: "Provisional", tone: "info", icon: IconClock },
  complete: { word: "Complete", tone: "ok", icon: IconCircleCheck },
};

/** One sentence each, for the panel and the key. */
export const DAY_MEANING: Record<DayState, string> = {
  quarantined: "A file for this day was kept aside and not loaded.",
  missing: "Nothing has been read for this day.",
  late: "The day is over and should have been read by now.",
  unconfirmed: "A report had nothing for this day; it is read again to be sure.",
  empty: "The source answered and had no rows for this day.",
  provisional: "Read, and may still change at the source.",
  complete: "Read after the source certified the month.",
};

/** What a person should look at; the others are as they should be. */
export const CONCERNS: readonly DayState[] = ["quarantined", "missing", "late"];

export function countStates(rows: readonly CalendarRow[]): Map<DayState, number> {
  const counts = new Map<DayState, number>();
  for (const { days } of rows) {
    for (const { state } of days) counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  return counts;
}
