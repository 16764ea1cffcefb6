import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconClock,
  IconLoader2,
  IconPlayerPause,
} from "@tabler/icons-react";
import type { Backfill } from "../../api/types.ts";
import type { Status } from "../../ui/Chip.tsx";

const STATES: Record<Backfill["state"], Status> = {
  forecast: { word: "Not started", tone: "unknown", icon: IconClock },
  running: { word: "Running", tone: "info", icon: IconLoader2 },
  waiting: { word: "Waiting", tone: "attention", icon: IconPlayerPause },
  cancelled: { word: "Cancelled", tone: "unknown", icon: IconCircleX },
  failed: { word: "Failed", tone: "critical", icon: IconCircleX },
  done: { word: "Done", tone: "ok", icon: IconCircleCheck },
};
const WINDOWS: Record<Window["state"], Status> = {
  open: { word: "To come", tone: "unknown", icon: IconClock },
  running: { word: "Running", tone: "info", icon: IconLoader2 },
  done: { word: "In", tone: "ok", icon: IconCircleCheck },
  quarantined: { word: "Quarantined", tone: "attention", icon: IconAlertTriangle },
  failed: { word: "Failed", tone: "critical", icon: IconCircleX },
};

type Window = Backfill["windows"][number];

/** Tolerant of a state that this version does not know yet. */
export function backfillStatus(state: Backfill["state"]): Status {
  return STATES[state] ?? { word: state, tone: "unknown", icon: IconCircleDashed };
}

export function windowStatus(state: Window["state"]): Status {
  return WINDOWS[state] ?? { word: state, tone: "unknown", icon: IconCircleDashed };
}

export function doneOf({ windows }: Backfill): number {
  return windows.filter(({ state }) => state === "done").length;
}
