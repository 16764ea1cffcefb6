// Which syncs to list: by connection, pipeline and state. All of it is in the address.
import { Select } from "@mantine/core";
import type { SyncsSearch } from "../../lib/paths.ts";
import { syncStatus } from "../../ui/Chip.tsx";
import classes from "./SyncsPage.module.css";

type Option = { value: string; label: string };
type Props = {
  search: { [K in keyof SyncsSearch]?: string | undefined };
  onChange: (change: SyncsSearch) => void;
  connections: readonly Option[];
  pipelines: readonly Option[];
};

/** What one looks for: all that is not over, or how it ended. */
const STATES = [
  { value: "running", label: "Running" },
  ...["done", "failed", "quarantined", "paused", "cancelled"].map((state) => ({
    value: state,
    label: syncStatus(state).word,
  })),
];

export function SyncsToolbar({ search, onChange, connections, pipelines }: Props) {
  return (
    <search className={classes.toolbar}>
      <Filter
        label="State"
        all="All states"
        options={STATES}
        value={search.state}
        onChange={(state) => onChange({ state })}
      />
      <Filter
        label="Pipeline"
        all="All pipelines"
        options={pipelines}
        value={search.pipeline}
        onChange={(pipeline) => onChange({ pipeline })}
      />
      <Filter
        label="Connection"
        all="All connections"
        options={connections}
        value={search.connection}
        onChange={(connection) => onChange({ connection })}
      />
    </search>
  );
}

type FilterProps = {
  label: string;
  all: string;
  options: readonly Option[];
  value: string | undefined;
  onChange: (value: string) => void;
};

function Filter({ label, all, options, value, onChange }: FilterProps) {
  return (
    <Select
      aria-label={label}
      className={classes.select}
      placeholder={all}
      clearable
      data={options}
      value={value ?? null}
      // An empty value leaves the address.
      onChange={(next) => onChange(next ?? "")}
    />
  );
}
