// One field that leads everywhere: pages, actions, and what was loaded by its name.
import { Modal } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useId, useState } from "react";
import { searchQuery } from "../../api/search.ts";
import { plural } from "../../lib/dates.ts";
import { useGo } from "../../ui/AppLink.tsx";
import classes from "./CommandPalette.module.css";
import { type Command, fitting, grouped } from "./commands.ts";
import { toFound } from "./found.ts";

type Props = { commands: readonly Command[]; onClose: () => void };

/** Fewer letters fit almost everything. */
const LEAST = 2;

export default function CommandPalette({ commands, onClose }: Props) {
  const go = useGo();
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState(0);
  const [asked] = useDebouncedValue(typed.trim(), 120);
  const found = useQuery({
    ...searchQuery(asked),
    enabled: asked.length >= LEAST,
    placeholderData: keepPreviousData,
  });
  const named = typed.trim().length >= LEAST ? toFound(found.data?.items ?? [], go) : [];
  const groups = grouped([...fitting(commands, typed), ...named]);
  const all = groups.flatMap(([, items]) => items);
  const current = Math.min(chosen, all.length - 1);
  const busy = typed.trim().length >= LEAST && (found.isFetching || asked !== typed.trim());
  const run = (command: Command | undefined) => {
    if (command === undefined) return;
    onClose();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && all.length > 0) {
      event.preventDefault();
      setChosen((current + step + all.length) % all.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(all[current]);
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      padding={0}
      size={600}
      yOffset="12vh"
      title="Search or jump to"
      classNames={{ header: "sr-only" }}
    >
      <Field
        typed={typed}
        active={all[current]}
        onKeyDown={onKeyDown}
        onType={(text) => {
          setTyped(text);
          setChosen(0);
        }}
      />
      <div id="palette-list" role="listbox" aria-label="Results" className={classes.list}>
        {groups.map(([group, items]) => (
          <Group
            key={group}
            name={group}
            items={items}
            active={all[current]}
            onHover={(item) => setChosen(all.indexOf(item))}
            onRun={run}
          />
        ))}
      </div>
      <p className={classes.foot} role="status">
        {found.error
          ? "Names could not be searched right now; pages and actions are listed."
          : all.length > 0
            ? plural(all.length, "result")
            : busy
              ? "Searching"
              : `Nothing is called “${typed.trim()}”.`}
      </p>
    </Modal>
  );
}

type FieldProps = {
  typed: string;
  active: Command | undefined;
  onType: (text: string) => void;
  onKeyDown: (event: KeyboardEvent) => void;
};

function Field({ typed, active, onType, onKeyDown }: FieldProps) {
  return (
    <div className={classes.field}>
      <IconSearch size={16} aria-hidden="true" />
      <input
        type="text"
        role="combobox"
        aria-label="Search or jump to"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-autocomplete="list"
        aria-activedescendant={active && optionId(active)}
        placeholder="Page, action, insertion order or line item"
        autoComplete="off"
        spellCheck={false}
        data-autofocus
        value={typed}
        onChange={(event) => onType(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <kbd>Esc</kbd>
    </div>
  );
}

type GroupProps = {
  name: string;
  items: readonly Command[];
  active: Command | undefined;
  onHover: (item: Command) => void;
  onRun: (item: Command) => void;
};

function Group({ name, items, active, onHover, onRun }: GroupProps) {
  const id = useId();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of options has no element of its own
    <div role="group" aria-labelledby={id}>
      <div id={id} className={classes.group}>
        {name}
      </div>
      {items.map((item) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field that keeps the focus has the keys
        <div
          key={item.id}
          id={optionId(item)}
          role="option"
          tabIndex={-1}
          aria-selected={item === active}
          className={classes.option}
          ref={item === active ? intoView : undefined}
          onMouseMove={() => item !== active && onHover(item)}
          onClick={() => onRun(item)}
        >
          <span className="truncate" title={item.label}>
            {item.label}
          </span>
          {item.detail && <span className={classes.detail}>{item.detail}</span>}
          {item.keys && (
            <span className={classes.keys} aria-hidden="true">
              {item.keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </span>
          )}
        </div>
      ))}
    </div>
  );
}

const optionId = ({ id }: Command) => `option-${id.replace(/\W+/g, "-")}`;

function intoView(element: HTMLElement | null) {
  element?.scrollIntoView?.({ block: "nearest" });
}
