// Search, filters, columns and export. All of it is in the address.
import { ActionIcon, Checkbox, Popover, Select, TextInput, Tooltip } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconColumns3, IconDownload, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import type { PacingRow } from "../../api/types.ts";
import { toCsv } from "../../lib/csv.ts";
import { PACING } from "../../ui/Chip.tsx";
import { useShortcuts } from "../../ui/keyboard.ts";
import { COLUMNS, exportValue, headerText, sharedBy } from "./columns.tsx";
import classes from "./PacingToolbar.module.css";
import { type PacingSearch, STATUSES } from "./search.ts";
import { sortWords } from "./sort-words.ts";
import { hiddenColumns } from "./visibility.ts";
import { unitOf } from "./words.ts";

type Change = { [K in keyof PacingSearch]?: PacingSearch[K] | undefined };
type Props = {
  search: PacingSearch;
  onChange: (change: Change) => void;
  advertisers: readonly { advertiser_id: string; name: string }[];
  rows: readonly PacingRow[];
};

export function PacingToolbar({ search, onChange, advertisers, rows }: Props) {
  const save = () => download(rows);
  useShortcuts({ e: save });
  return (
    <search className={classes.toolbar}>
      <SearchBox value={search.search ?? ""} onChange={onChange} />
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
        <Tooltip label="Export CSV">
          <ActionIcon aria-label="Export CSV" onClick={save} disabled={rows.length === 0}>
            <IconDownload size={16} />
          </ActionIcon>
        </Tooltip>
      </div>
    </search>
  );
}

/** Types at once, filters when one pauses. */
function SearchBox({ value, onChange }: { value: string; onChange: Props["onChange"] }) {
  const [text, setText] = useState(value);
  const apply = useDebouncedCallback(
    (next: string) => onChange({ search: next || undefined }),
    400,
  );
  return (
    <TextInput
      type="search"
      aria-label="Search insertion orders"
      placeholder="Search insertion orders"
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
  const hidden = hiddenColumns(search.hide);
  const toggle = (id: string, shown: boolean) => {
    const next = shown ? [...hidden].filter((other) => other !== id) : [...hidden, id];
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
          {COLUMNS.filter((column) => !column.fixed).map((column) => (
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

function download(rows: readonly PacingRow[]) {
  if (rows.length === 0) return;
  const columns = COLUMNS.filter((column) => column.id !== "spark" && column.id !== "currency");
  const shared = { ...sharedBy(rows), unit: null };
  const head = ["Id", "Unit", ...columns.map((column) => headerText(column, shared))];
  const body = rows.map((row) => [
    row.insertion_order_id,
    unitOf(row),
    ...columns.map((column) => exportValue(column, row)),
  ]);
  const url = URL.createObjectURL(new Blob([toCsv([head, ...body])], { type: "text/csv" }));
  const link = Object.assign(document.createElement("a"), { href: url, download: "pacing.csv" });
  link.click();
  URL.revokeObjectURL(url);
}
