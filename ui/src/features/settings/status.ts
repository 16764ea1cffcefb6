// Whether a module runs, as a chip.
import { IconCircleCheck, IconCircleDashed } from "@tabler/icons-react";
import type { Status } from "../../ui/Chip.tsx";

export const moduleStatus = (enabled: boolean): Status =>
  enabled
    ? { word: "On", tone: "ok", icon: IconCircleCheck }
    : { word: "Off", tone: "unknown", icon: IconCircleDashed };
