// The keys that work on every page of an org.
import { useHotkeys } from "@mantine/hooks";
import { useGo } from "../../ui/AppLink.tsx";
import { type Shortcuts, useShortcuts } from "../../ui/keyboard.ts";
import { moveRow } from "../../ui/rows.ts";
import { DESTINATIONS } from "./destinations.ts";

type Acts = { openPalette: () => void; openHelp: () => void; toggleRail: () => void };

export function useKeys({ openPalette, openHelp, toggleRail }: Acts) {
  const go = useGo();
  const places: Shortcuts = Object.fromEntries(
    DESTINATIONS.map(({ key, to }) => [`g ${key}`, () => go(to)]),
  );
  useShortcuts({
    ...places,
    "?": openHelp,
    "/": focusSearch,
    "[": toggleRail,
    j: () => moveRow(1),
    k: () => moveRow(-1),
  });
  // Also while typing: it types nothing.
  useHotkeys([["mod+K", openPalette]], [], true);
}

function focusSearch() {
  document.querySelector<HTMLInputElement>("main input[type=search]")?.focus();
}
