// Shortcuts: single keys and two-key sequences, never while typing.
import { useEffect, useEffectEvent } from "react";

export type Shortcuts = Record<string, () => void>;

const SEQUENCE_MS = 900;

export function useShortcuts(shortcuts: Shortcuts) {
  const run = useEffectEvent((keys: string): boolean => {
    const action = shortcuts[keys];
    action?.();
    return action !== undefined;
  });
  useEffect(() => {
    let first = { key: "", at: 0 };
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping(event.target) || dialogIsOpen(event.target)) return;
      const joined = `${first.key} ${event.key}`;
      const inTime = event.timeStamp - first.at < SEQUENCE_MS;
      if ((inTime && run(joined)) || run(event.key)) {
        event.preventDefault();
        first = { key: "", at: 0 };
      } else {
        first = { key: event.key, at: event.timeStamp };
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest("input, textarea, select, [contenteditable]") !== null
  );
}

function dialogIsOpen(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("[role=dialog], [role=menu]") !== null;
}
