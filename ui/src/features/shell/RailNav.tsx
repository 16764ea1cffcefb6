// The sections that exist, down the left side or in the drawer of a phone.
import { Tooltip } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { sessionQuery } from "../../api/session.ts";
import { AppLink } from "../../ui/AppLink.tsx";
import { DATA, type Destination, MODULES, SETTINGS } from "./destinations.ts";
import classes from "./RailNav.module.css";

export function RailNav({ collapsed, onGo }: { collapsed: boolean; onGo?: () => void }) {
  const { data: session } = useSuspenseQuery(sessionQuery);
  const modules = MODULES.filter(({ module }) => !module || session.modules.includes(module));
  return (
    <nav aria-label="Main" className={classes.nav}>
      <Items items={modules} collapsed={collapsed} onGo={onGo} />
      <h2 className={collapsed ? "sr-only" : classes.group}>Data</h2>
      <Items items={DATA} collapsed={collapsed} onGo={onGo} />
      <h2 className={collapsed ? "sr-only" : classes.group}>Settings</h2>
      <Items items={SETTINGS} collapsed={collapsed} onGo={onGo} />
    </nav>
  );
}

type ItemsProps = {
  items: readonly Destination[];
  collapsed: boolean;
  onGo: (() => void) | undefined;
};

function Items({ items, collapsed, onGo }: ItemsProps) {
  return (
    <ul>
      {items.map(({ label, to, icon: Icon }) => {
        const link = (
          <AppLink to={to} className={classes.item} onClick={onGo}>
            <Icon size={16} aria-hidden="true" />
            <span className={collapsed ? "sr-only" : undefined}>{label}</span>
          </AppLink>
        );
        // A tooltip that shows nothing still costs the first page its making.
        return (
          <li key={to}>
            {collapsed ? (
              <Tooltip label={label} position="right">
                {link}
              </Tooltip>
            ) : (
              link
            )}
          </li>
        );
      })}
    </ul>
  );
}
