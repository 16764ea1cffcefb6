import { Modal } from "@mantine/core";
import classes from "./ShortcutsDialog.module.css";

const SHORTCUTS: [string[], string][] = [
  [["g", "p"], "Go to pacing"],
  [["g", "d"], "Go to data connections"],
  [["g", "s"], "Go to syncs"],
  [["/"], "Search this page"],
  [["j"], "Next row"],
  [["k"], "Previous row"],
  [["Enter"], "Open the row"],
  [["e"], "Export the table as CSV"],
  [["["], "Collapse or expand navigation"],
  [["?"], "Show this list"],
];

export function ShortcutsDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Keyboard shortcuts" size="sm">
      <dl className={classes.list}>
        {SHORTCUTS.map(([keys, what]) => (
          <div key={what} className={classes.line}>
            <dt>{what}</dt>
            <dd>
              {keys.map((key) => (
                <kbd key={key} className={classes.key}>
                  {key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
