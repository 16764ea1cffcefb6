// Every page that can be gone to from anywhere: by the rail, by the palette, by two keys. A new module
// adds its line here with its first page.
import {
  IconAlertTriangle,
  IconArchive,
  IconCalendarStats,
  IconChartLine,
  IconGauge,
  IconHistory,
  IconPlugConnected,
  IconRefresh,
  IconRosetteDiscountCheck,
  IconRoute,
  type TablerIcon,
} from "@tabler/icons-react";
import { org } from "../../lib/paths.ts";

export type Destination = {
  label: string;
  to: string;
  icon: TablerIcon;
  /** After `g`. */
  key: string;
};

export const MODULES: readonly Destination[] = [
  { label: "Pacing", to: org.pacing(), icon: IconChartLine, key: "p" },
];

export const DATA: readonly Destination[] = [
  { label: "Connections", to: org.connections(), icon: IconPlugConnected, key: "d" },
  { label: "Pipelines", to: org.pipelines(), icon: IconRoute, key: "l" },
  { label: "Syncs", to: org.syncs(), icon: IconRefresh, key: "s" },
  { label: "Calendar", to: org.calendar(), icon: IconCalendarStats, key: "c" },
  { label: "Quality", to: org.quality(), icon: IconRosetteDiscountCheck, key: "q" },
  { label: "Quarantine", to: org.quarantine(), icon: IconAlertTriangle, key: "x" },
  { label: "Backfills", to: org.backfills(), icon: IconHistory, key: "f" },
  { label: "Budgets", to: org.budgets(), icon: IconGauge, key: "b" },
  { label: "Retention", to: org.retention(), icon: IconArchive, key: "r" },
];

export const DESTINATIONS: readonly Destination[] = [...MODULES, ...DATA];
