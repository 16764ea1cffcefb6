// Search, filters, columns and export. All of it is in the address.
import { ActionIcon, Checkbox, Popover, Select, TextInput, Tooltip } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconColumns3, IconDownload, IconSearch } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { exportPath } from "../../api/pacing.ts";
import type { PacingRow } from "../../api/types.ts";
import { PACING } from "../../ui/Chip.tsx";
import { useShortcuts } from "../../ui/keyboard.ts";
import { columnsOf, sharedBy } from "./columns.tsx";
import { wordsOf } from "./levels.ts";
import classes from "./PacingToolbar.module.css";
import { SavedMenu } from "./SavedMenu.tsx";
import { DEFAULT_SORT, type PacingSearch, STATUSES } from "./search.ts";
import { sortWords } from "./sort-words.ts";
import { hiddenColumns } from "./visibility.ts";

type Change = { [K in keyof PacingSearch]?: PacingSearch[K] | undefined };
type Props = {
  search: PacingSearch;
  onChange: (change: Change) => void;
  advertisers: readonly { advertiser_id: string; name: string }[];
  rows: readonly PacingRow[];
};

export function PacingToolbar({ search, onChange, advertisers, rows }: Props) {
  const path = (format: "csv" | "ndjson") =>
    exportPath({ ...search, sort: search.sort ?? DEFAULT_SORT }, format);
  const csv = useRef<HTMLAnchorElement>(null);
  useShortcuts({ e: () => csv.current?.click() });
  return (
    <search className={classes.toolbar}>
      <SearchBox
        key={search.level}
        what={wordsOf(search.level).many.toLowerCase()}
        value={search.search ?? ""}
        onChange={onChange}
      />
      <Select
        aria-label="Status"
        className={classes.select}
        placeholder="All statuses"
        clearable
        data={STATUSES.map((status) => ({ value: status, label: PACING[status].word }))}
        value={search.status ?? null}
        onChange={(value) => onChange({ status: STATUSES.find((status) => status === value) })}
      />
      <Select
        aria-label="Advertiser"
        className={classes.select}
        placeholder="All advertisers"
        clearable
        searchable={advertisers.length > 8}
        data={advertisers.map((item) => ({ value: item.advertiser_id, label: item.name }))}
        value={search.advertiser ?? null}
        onChange={(value) => onChange({ advertiser: value ?? undefined })}
      />
      <p className={classes.order}>{sortWords(search.sort, sharedBy(rows).unit === null)}</p>
      <div className={classes.end}>
        <ColumnChooser search={search} onChange={onChange} />
        <SavedMenu search={search} rows={rows} />
        <Tooltip label="Export all rows as CSV">
          <ActionIcon component="a" ref={csv} href={path("csv")} download aria-label="Export CSV">
            <IconDownload size={16} />
          </ActionIcon>
        </Tooltip>
      </div>
    </search>
  );
}

/** Types at once, filters when one pauses. */
type SearchProps = { what: string; value: string; onChange: Props["onChange"] };

function SearchBox({ what, value, onChange }: SearchProps) {
  const [text, setText] = useState(value);
  const apply = useDebouncedCallback(
    (next: string) => onChange({ search: next || undefined }),
    400,
  );
  return (
    <TextInput
      type="search"
      aria-label={`Search ${what}`}
      placeholder={`Search ${what}`}
      className={classes.search}
      leftSection={<IconSearch size={16} />}
      rightSection={text === "" ? <kbd className="quieter">/</kbd> : null}
      rightSectionPointerEvents="none"
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        apply(event.currentTarget.value.trim());
      }}
    />
  );
}

function ColumnChooser({ search, onChange }: Pick<Props, "search" | "onChange">) {
  const hidden = hiddenColumns(search.hide, false, search.level);
  const toggle = (id: string, shown: boolean) => {
    const all = columnsOf(search.level).map((column) => column.id);
    const now = all.filter((other) => hidden.has(other));
    const next = shown ? now.filter((other) => other !== id) : [...now, id];
    onChange({ hide: next.join(",") || "none" });
  };
  return (
    <Popover position="bottom-end" trapFocus>
      <Popover.Target>
        <Tooltip label="Columns">
          <ActionIcon aria-label="Choose columns">
            <IconColumns3 size={16} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown>
        <fieldset className={classes.columns}>
          <legend className="tiny quieter">Columns</legend>
          {columnsOf(search.level)
            .filter((column) => !column.fixed)
            .map((column) => (
              <Checkbox
                key={column.id}
                label={column.header}
                checked={!hidden.has(column.id)}
                onChange={(event) => toggle(column.id, event.currentTarget.checked)}
              />
            ))}
        </fieldset>
      </Popover.Dropdown>
    </Popover>
  );
}
