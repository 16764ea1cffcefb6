// Every page that can be gone to from anywhere: by the rail, by the palette, by two keys. A new module
// adds its line here with its first page.
import {
  IconAlertTriangle,
  IconApps,
  IconArchive,
  IconCalendarStats,
  IconChartLine,
  IconGauge,
  IconHistory,
  IconHome,
  IconPlugConnected,
  IconRefresh,
  IconRosetteDiscountCheck,
  IconRoute,
  IconTag,
  type TablerIcon,
} from "@tabler/icons-react";
import { org } from "../../lib/paths.ts";

export type Destination = {
  label: string;
  to: string;
  icon: TablerIcon;
  /** After `g`. */
  key: string;
  /** Only there while this module is on. */
  module?: string;
};

export const MODULES: readonly Destination[] = [
  { label: "Home", to: org.home(), icon: IconHome, key: "h" },
  { label: "Pacing", to: org.pacing(), icon: IconChartLine, key: "p", module: "pacing" },
  { label: "Naming", to: org.naming(), icon: IconTag, key: "n", module: "taxonomy" },
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

export const SETTINGS: readonly Destination[] = [
  { label: "Modules", to: org.modules(), icon: IconApps, key: "m" },
];

export const DESTINATIONS: readonly Destination[] = [...MODULES, ...DATA, ...SETTINGS];
