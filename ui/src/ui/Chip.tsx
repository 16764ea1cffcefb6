// Status is always an icon and a word; the colour only repeats what they say.
import {
  IconAlertTriangle,
  IconArrowDownRight,
  IconArrowUpRight,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconClock,
  IconFlag,
  IconLoader2,
  IconPlayerPause,
  type TablerIcon,
} from "@tabler/icons-react";
import type { PacingStatus, SyncAdvertiser } from "../api/types.ts";
import classes from "./Chip.module.css";

export type Tone = "ok" | "attention" | "critical" | "info" | "unknown";
export type Status = { word: string; tone: Tone; icon: TablerIcon };

export function Chip({ status }: { status: Status }) {
  const Icon = status.icon;
  return (
    <span className={classes.chip} data-tone={status.tone}>
      <Icon size={14} stroke={2} aria-hidden="true" />
      {status.word}
    </span>
  );
}

export const PACING: Record<PacingStatus, Status> = {
  behind: { word: "Behind", tone: "attention", icon: IconArrowDownRight },
  ahead: { word: "Ahead", tone: "info", icon: IconArrowUpRight },
  on_pace: { word: "On pace", tone: "ok", icon: IconCircleCheck },
  not_started: { word: "Not started", tone: "unknown", icon: IconClock },
  ended: { word: "Ended", tone: "unknown", icon: IconFlag },
  no_budget: { word: "No budget", tone: "unknown", icon: IconCircleDashed },
  no_data: { word: "No data yet", tone: "unknown", icon: IconCircleDashed },
};

const running = (word: string): Status => ({ word, tone: "info", icon: IconLoader2 });

const SYNC: Record<string, Status> = {
  queued: { word: "Queued", tone: "unknown", icon: IconClock },
  entities: running("Reading entities"),
  requesting: running("Requesting reports"),
  waiting: running("Waiting for reports"),
  downloading: running("Downloading"),
  loading: running("Loading"),
  paused: { word: "Paused", tone: "attention", icon: IconPlayerPause },
  cancelled: { word: "Cancelled", tone: "unknown", icon: IconCircleX },
  done: { word: "Done", tone: "ok", icon: IconCircleCheck },
  failed: { word: "Failed", tone: "critical", icon: IconCircleX },
  quarantined: { word: "Quarantined", tone: "attention", icon: IconAlertTriangle },
};

/** A file that lies in the folder and that no pipeline takes. */
export const NOT_TAKEN: Status = { word: "Not taken", tone: "attention", icon: IconAlertTriangle };

/** Tolerant of a state that this version does not know yet. */
export function syncStatus(state: string): Status {
  return SYNC[state] ?? { word: state, tone: "unknown", icon: IconCircleDashed };
}

const ADVERTISER: Record<SyncAdvertiser["state"], Status> = {
  queued: { word: "Queued", tone: "unknown", icon: IconClock },
  working: running("Loading"),
  done: { word: "In", tone: "ok", icon: IconCircleCheck },
  failed: { word: "Failed", tone: "critical", icon: IconCircleX },
};

/** An advertiser's part of a sync. While the whole waits or is over, nothing of it is being loaded. */
export function syncAdvertiserStatus(state: SyncAdvertiser["state"], sync: string): Status {
  if (state !== "working" || sync === "loading") return ADVERTISER[state];
  const waits = ["queued", "entities", "requesting", "waiting", "downloading"].includes(sync);
  return waits
    ? { word: "Waiting", tone: "unknown", icon: IconClock }
    : sync === "paused"
      ? { word: "Paused", tone: "attention", icon: IconPlayerPause }
      : { word: "Not loaded", tone: "unknown", icon: IconCircleDashed };
}

export const CONNECTION = {
  needs_setup: { word: "Needs setup", tone: "attention", icon: IconAlertTriangle },
  active: { word: "Active", tone: "ok", icon: IconCircleCheck },
  paused: { word: "Paused", tone: "attention", icon: IconPlayerPause },
  failed: { word: "Failed", tone: "critical", icon: IconCircleX },
} satisfies Record<string, Status>;
