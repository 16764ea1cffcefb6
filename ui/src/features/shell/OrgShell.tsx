// Left rail, top bar, keyboard: the frame of every page of an org.
import { ActionIcon, Drawer } from "@mantine/core";
import { useDisclosure, useLocalStorage } from "@mantine/hooks";
import { IconLayoutSidebar, IconMenu2 } from "@tabler/icons-react";
import { Outlet } from "@tanstack/react-router";
import { lazy, Suspense, useRef } from "react";
import { org } from "../../lib/paths.ts";
import { AppLink } from "../../ui/AppLink.tsx";
import { Logo } from "../../ui/Logo.tsx";
import { OrgAccount } from "../../ui/OrgAccount.tsx";
import { FreshnessChip } from "./FreshnessChip.tsx";
import classes from "./OrgShell.module.css";
import { OrgSwitcher } from "./OrgSwitcher.tsx";
import { PaletteButton } from "./PaletteButton.tsx";
import { RailNav } from "./RailNav.tsx";
import { ShortcutsDialog } from "./ShortcutsDialog.tsx";
import { useCommands } from "./useCommands.ts";
import { useKeys } from "./useKeys.ts";

const CommandPalette = lazy(() => import("./CommandPalette.tsx"));

export function OrgShell() {
  const [collapsed, setCollapsed] = useLocalStorage({ key: "rail-collapsed", defaultValue: false });
  const [rows, setRows] = useLocalStorage<"usual" | "compact">({
    key: "rows",
    defaultValue: "usual",
  });
  const [drawer, drawerIs] = useDisclosure();
  const [help, helpIs] = useDisclosure();
  const [palette, openPalette, closePalette] = usePalette();
  const toggleRail = () => setCollapsed((now) => !now);
  useKeys({ openPalette, openHelp: helpIs.open, toggleRail });
  const commands = useCommands({
    openHelp: helpIs.open,
    toggleRail,
    compact: rows === "compact",
    toggleRows: () => setRows((now) => (now === "compact" ? "usual" : "compact")),
  });

  return (
    <div className={classes.shell} data-collapsed={collapsed || undefined} data-rows={rows}>
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
          onClick={toggleRail}
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
          <PaletteButton onOpen={openPalette} />
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
      {palette && (
        <Suspense>
          <CommandPalette commands={commands} onClose={closePalette} />
        </Suspense>
      )}
    </div>
  );
}

/** It is not there while it is closed, so where the focus was is remembered here. */
function usePalette() {
  const [opened, is] = useDisclosure();
  const before = useRef<Element | null>(null);
  const open = () => {
    if (!opened) before.current = document.activeElement;
    is.open();
  };
  const close = () => {
    is.close();
    if (before.current instanceof HTMLElement) before.current.focus({ preventScroll: true });
  };
  return [opened, open, close] as const;
}
