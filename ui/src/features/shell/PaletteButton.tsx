// The way to the palette for those who do not know its keys.
import { IconSearch } from "@tabler/icons-react";
import classes from "./PaletteButton.module.css";

const KEYS = /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘K" : "Ctrl K";

export function PaletteButton({ onOpen }: { onOpen: () => void }) {
  return (
    <button type="button" className={classes.open} aria-label="Search or jump to" onClick={onOpen}>
      <IconSearch size={16} aria-hidden="true" />
      <span className={classes.words}>Search or jump to</span>
      <kbd className={classes.keys}>{KEYS}</kbd>
    </button>
  );
}
