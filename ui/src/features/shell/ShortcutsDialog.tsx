import { Modal } from "@mantine/core";
import { DESTINATIONS } from "./destinations.ts";
import classes from "./ShortcutsDialog.module.css";

type Shortcut = [keys: string[], what: string];

const ANYWHERE: Shortcut[] = [
  [["Ctrl", "k"], "Search or jump to"],
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
    <Modal opened={opened} onClose={onClose} title="Keyboard shortcuts" size={720}>
      <div className={classes.columns}>
        <List title="Anywhere" shortcuts={ANYWHERE} />
        <List title="Go to" shortcuts={DESTINATIONS.map(({ key, label }) => [["g", key], label])} />
      </div>
    </Modal>
  );
}

function List({ title, shortcuts }: { title: string; shortcuts: Shortcut[] }) {
  return (
    <section aria-label={title}>
      <h3 className={classes.title}>{title}</h3>
      <dl className={classes.list}>
        {shortcuts.map(([keys, what]) => (
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
    </section>
  );
}
