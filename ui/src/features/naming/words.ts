// The vocabulary of naming in plain words.

import { IconAlertTriangle, IconCircleCheck, IconCircleDashed } from "@tabler/icons-react";
import { plain } from "../../lib/sentence.ts";
import type { Status } from "../../ui/Chip.tsx";

export const LEVELS = [
  { value: "campaign", label: "Campaigns" },
  { value: "insertion_order", label: "Insertion orders" },
  { value: "line_item", label: "Line items" },
  { value: "creative", label: "Creatives" },
] as const;

export type LevelName = (typeof LEVELS)[number]["value"];

export function levelWords(level: string): string {
  return LEVELS.find(({ value }) => value === level)?.label ?? plain(level);
}

export function levelOf(text: string | undefined): LevelName {
  return LEVELS.find(({ value }) => value === text)?.value ?? "line_item";
}

export function nameStatus(compliant: boolean | null | undefined): Status {
  if (compliant == null) return { word: "No convention", tone: "unknown", icon: IconCircleDashed };
  return compliant
    ? { word: "Right", tone: "ok", icon: IconCircleCheck }
    : { word: "Wrong", tone: "attention", icon: IconAlertTriangle };
}

/** How sure a suggestion is. */
export const CONFIDENCE: Record<string, Status> = {
  high: { word: "Sure", tone: "ok", icon: IconCircleCheck },
  medium: { word: "Likely", tone: "info", icon: IconCircleCheck },
  low: { word: "A guess", tone: "unknown", icon: IconCircleDashed },
};

export function brokenWords(field: string | null | undefined, code: string): string {
  return field ? `${field}: ${plain(code).toLocaleLowerCase()}` : plain(code);
}
