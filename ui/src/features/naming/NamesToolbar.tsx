// Which names to list; all of it is in the address.
import { Pill, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import type { Compliance } from "../../api/types.ts";
import type { NamesSearch } from "../../lib/paths.ts";
import classes from "./Naming.module.css";
import { brokenWords, LEVELS } from "./words.ts";

type Props = {
  filter: { [K in keyof NamesSearch]?: string | undefined };
  onChange: (change: NamesSearch) => void;
  advertisers: Compliance["advertisers"];
};

const STATES = [
  { value: "right", label: "Right" },
  { value: "all", label: "All" },
];

export function NamesToolbar({ filter, onChange, advertisers }: Props) {
  const search = useDebouncedCallback((text: string) => onChange({ search: text }), 250);
  const { field, code } = filter;
  return (
    <search className={classes.toolbar}>
      <TextInput
        wrapperProps={{ "data-wide": true }}
        type="search"
        aria-label="Search names"
        placeholder="Part of a name, or an id"
        defaultValue={filter.search ?? ""}
        onChange={(event) => search(event.currentTarget.value)}
      />
      <Select
        aria-label="Which names"
        placeholder="Wrong"
        clearable
        data={STATES}
        value={filter.state ?? null}
        onChange={(state) => onChange({ state: state ?? "" })}
      />
      <Select
        aria-label="Level"
        placeholder="All levels"
        clearable
        data={[...LEVELS]}
        value={filter.level ?? null}
        onChange={(level) => onChange({ level: level ?? "" })}
      />
      <Select
        aria-label="Advertiser"
        placeholder="All advertisers"
        clearable
        searchable
        data={advertisers.map((one) => ({
          value: one.advertiser_id,
          label: one.advertiser_name || one.advertiser_id,
        }))}
        value={filter.advertiser ?? null}
        onChange={(advertiser) => onChange({ advertiser: advertiser ?? "" })}
      />
      {(field || code) && (
        <Pill
          withRemoveButton
          removeButtonProps={{ "aria-label": "Remove this filter" }}
          onRemove={() => onChange({ field: "", code: "" })}
        >
          {code ? brokenWords(field, code) : field}
        </Pill>
      )}
    </search>
  );
}
