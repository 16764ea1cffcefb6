// Left rail, top bar, keyboard: the frame of every page of an org.
import { ActionIcon, Drawer } from "@mantine/core";
import { useDisclosure, useLocalStorage } from "@mantine/hooks";
import { IconLayoutSidebar, IconMenu2 } from "@tabler/icons-react";
import { Outlet } from "@tanstack/react-router";
import { org } from "../../lib/paths.ts";
import { AppLink, useGo } from "../../ui/AppLink.tsx";
import { useShortcuts } from "../../ui/keyboard.ts";
import { Logo } from "../../ui/Logo.tsx";
import { OrgAccount } from "../../ui/OrgAccount.tsx";
import { FreshnessChip } from "./FreshnessChip.tsx";
import classes from "./OrgShell.module.css";
import { OrgSwitcher } from "./OrgSwitcher.tsx";
import { RailNav } from "./RailNav.tsx";
import { ShortcutsDialog } from "./ShortcutsDialog.tsx";

export function OrgShell() {
  const go = useGo();
  const [collapsed, setCollapsed] = useLocalStorage({ key: "rail-collapsed", defaultValue: false });
  const [drawer, drawerIs] = useDisclosure();
  const [help, helpIs] = useDisclosure();
  useShortcuts({
    "g p": () => go(org.pacing()),
    "g d": () => go(org.connections()),
    "g s": () => go(org.syncs()),
    "?": helpIs.open,
    "/": focusSearch,
    "[": () => setCollapsed((now) => !now),
  });

  return (
    <div className={classes.shell} data-collapsed={collapsed || undefined}>
      <a href="#content" className={classes.skip}>
        Skip to content
      </a>
      <div className={classes.rail}>
        <div className={classes.brand}>
          <AppLink to={org.root()} aria-label="Cellplane, home">
            <Logo withName={!collapsed} />
          </AppLink>
        </div>
        <RailNav collapsed={collapsed} />
        <ActionIcon
          className={classes.collapse}
          onClick={() => setCollapsed(!collapsed)}
          aria-label={collapsed ? "Expand navigation" : "Collapse navigation"}
        >
          <IconLayoutSidebar size={16} />
        </ActionIcon>
      </div>
      <div className={classes.column}>
        <header className={classes.bar}>
          <ActionIcon
            className={classes.burger}
            onClick={drawerIs.open}
            aria-label="Open navigation"
          >
            <IconMenu2 size={18} />
          </ActionIcon>
          <OrgSwitcher />
          <div className={classes.spacer} />
          <FreshnessChip />
          <OrgAccount onShortcuts={helpIs.open} />
        </header>
        <main id="content" tabIndex={-1} className={classes.content}>
          <Outlet />
        </main>
      </div>
      <Drawer opened={drawer} onClose={drawerIs.close} size={260} title={<Logo />}>
        <RailNav collapsed={false} onGo={drawerIs.close} />
      </Drawer>
      <ShortcutsDialog opened={help} onClose={helpIs.close} />
    </div>
  );
}

function focusSearch() {
  document.querySelector<HTMLInputElement>("main input[type=search]")?.focus();
}
