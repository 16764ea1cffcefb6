// Which data, which days, which advertisers. All of it is in the address.
import { ActionIcon, Button, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconChevronLeft, IconChevronRight, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { dayRange } from "../../lib/dates.ts";
import type { CalendarSearch } from "../../lib/paths.ts";
import type { Search } from "../../lib/search.ts";
import classes from "./CalendarPage.module.css";
import { type DatasetOption, DEFAULT_DATASET } from "./datasets.ts";
import { moveBy, type Shown, WEEKS } from "./search.ts";

const WEEK_WORDS = { "6": "6 weeks", "13": "3 months", "26": "6 months" };

type Props = {
  search: Search;
  shown: Shown;
  datasets: readonly DatasetOption[];
  onChange: (change: CalendarSearch) => void;
};

export function CalendarToolbar({ search, shown, datasets, onChange }: Props) {
  return (
    <search className={classes.toolbar}>
      <SearchBox value={search.search ?? ""} onChange={(text) => onChange({ search: text })} />
      {datasets.length > 1 && (
        <Select
          aria-label="Data"
          className={classes.dataset}
          data={datasets}
          allowDeselect={false}
          value={search.dataset ?? DEFAULT_DATASET}
          onChange={(dataset) => dataset && onChange({ dataset })}
        />
      )}
      <Select
        aria-label="How many days"
        className={classes.weeks}
        data={WEEKS.map((value) => ({ value, label: WEEK_WORDS[value] }))}
        allowDeselect={false}
        value={shown.weeks}
        onChange={(weeks) => weeks && onChange({ weeks })}
      />
      <div className={classes.range}>
        <ActionIcon aria-label="Earlier days" onClick={() => onChange({ to: moveBy(shown, -1) })}>
          <IconChevronLeft size={16} />
        </ActionIcon>
        <span>{dayRange(shown.from, shown.to)}</span>
        <ActionIcon
          aria-label="Later days"
          disabled={shown.latest}
          onClick={() => onChange({ to: moveBy(shown, 1) })}
        >
          <IconChevronRight size={16} />
        </ActionIcon>
        {!shown.latest && (
          <Button variant="subtle" size="compact-sm" onClick={() => onChange({ to: "" })}>
            Latest
          </Button>
        )}
      </div>
    </search>
  );
}

/** Types at once, filters when one pauses. */
function SearchBox({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const [text, setText] = useState(value);
  const apply = useDebouncedCallback(onChange, 300);
  return (
    <TextInput
      type="search"
      aria-label="Search advertisers"
      placeholder="Search advertisers"
      className={classes.search}
      leftSection={<IconSearch size={16} />}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        apply(event.currentTarget.value.trim());
      }}
    />
  );
}
