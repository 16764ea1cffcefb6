// The sections that exist. A new module adds its line here with its first page.
import { Tooltip } from "@mantine/core";
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
import { AppLink } from "../../ui/AppLink.tsx";
import classes from "./RailNav.module.css";

type Item = { label: string; to: string; icon: TablerIcon };

const MODULES: Item[] = [{ label: "Pacing", to: org.pacing(), icon: IconChartLine }];
const DATA: Item[] = [
  { label: "Connections", to: org.connections(), icon: IconPlugConnected },
  { label: "Pipelines", to: org.pipelines(), icon: IconRoute },
  { label: "Syncs", to: org.syncs(), icon: IconRefresh },
  { label: "Calendar", to: org.calendar(), icon: IconCalendarStats },
  { label: "Quality", to: org.quality(), icon: IconRosetteDiscountCheck },
  { label: "Quarantine", to: org.quarantine(), icon: IconAlertTriangle },
  { label: "Backfills", to: org.backfills(), icon: IconHistory },
  { label: "Budgets", to: org.budgets(), icon: IconGauge },
  { label: "Retention", to: org.retention(), icon: IconArchive },
];

export function RailNav({ collapsed, onGo }: { collapsed: boolean; onGo?: () => void }) {
  return (
    <nav aria-label="Main" className={classes.nav}>
      <Items items={MODULES} collapsed={collapsed} onGo={onGo} />
      <h2 className={collapsed ? "sr-only" : classes.group}>Data</h2>
      <Items items={DATA} collapsed={collapsed} onGo={onGo} />
    </nav>
  );
}

type ItemsProps = { items: Item[]; collapsed: boolean; onGo: (() => void) | undefined };

function Items({ items, collapsed, onGo }: ItemsProps) {
  return (
    <ul>
      {items.map(({ label, to, icon: Icon }) => (
        <li key={to}>
          <Tooltip label={label} position="right" disabled={!collapsed}>
            <AppLink to={to} className={classes.item} onClick={onGo}>
              <Icon size={16} aria-hidden="true" />
              <span className={collapsed ? "sr-only" : undefined}>{label}</span>
            </AppLink>
          </Tooltip>
        </li>
      ))}
    </ul>
  );
}
