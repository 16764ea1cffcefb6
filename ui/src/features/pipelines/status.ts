// Whether a pipeline runs, in a word.
import { IconCircleCheck, IconCircleX, IconPlayerPause } from "@tabler/icons-react";
import type { Status } from "../../ui/Chip.tsx";

const ON: Status = { word: "On", tone: "ok", icon: IconCircleCheck };
const OFF: Status = { word: "Off", tone: "unknown", icon: IconPlayerPause };
const BROKEN: Status = { word: "Cannot run", tone: "critical", icon: IconCircleX };

/** One that is on and comes to nothing needs a person. */
export function pipelineStatus(enabled: boolean, runs: boolean): Status {
  if (enabled && !runs) return BROKEN;
  return enabled ? ON : OFF;
}
