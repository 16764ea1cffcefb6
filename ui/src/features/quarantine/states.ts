import { IconAlertTriangle, IconCircleCheck, IconLoader2 } from "@tabler/icons-react";
import type { QuarantineItem } from "../../api/types.ts";
import type { Status } from "../../ui/Chip.tsx";

export const FILE_STATES: Record<QuarantineItem["state"], Status> = {
  open: { word: "Quarantined", tone: "attention", icon: IconAlertTriangle },
  replaying: { word: "Replaying", tone: "info", icon: IconLoader2 },
  resolved: { word: "Loaded since", tone: "ok", icon: IconCircleCheck },
};
