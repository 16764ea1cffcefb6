// Every run, newest first; the list refreshes itself while something runs.
import { Button } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { connectionsQuery } from "../../api/connections.ts";
import { pipelinesQuery } from "../../api/pipelines.ts";
import { syncPagesQuery } from "../../api/syncs.ts";
import type { Sync } from "../../api/types.ts";
import { connectionName } from "../../lib/connections.ts";
import { dayRange, elapsed } from "../../lib/dates.ts";
import { count } from "../../lib/money.ts";
import { org, type SyncsSearch } from "../../lib/paths.ts";
import type { Search } from "../../lib/search.ts";
import { AppLink } from "../../ui/AppLink.tsx";
import { Chip, syncStatus } from "../../ui/Chip.tsx";
import { GhostRows } from "../../ui/GhostRows.tsx";
import { Page } from "../../ui/Page.tsx";
import { PipelineLink } from "../../ui/PipelineLink.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { ShowMore } from "../../ui/ShowMore.tsx";
import { EmptyState, ErrorState } from "../../ui/States.tsx";
import { TableFrame } from "../../ui/TableFrame.tsx";
import table from "../../ui/table.module.css";
import { KINDS } from "./kinds.ts";
import { StartedBy } from "./StartedBy.tsx";
import { SyncsToolbar } from "./SyncsToolbar.tsx";

export function SyncsPage() {
  const { connection, pipeline, state }: Search = useSearch({ strict: false });
  const filter = { connection, pipeline, state };
  const change = useChange();
  const connections = useQuery(connectionsQuery);
  const pipelines = useQuery(pipelinesQuery);
  const syncs = useInfiniteQuery({
    ...syncPagesQuery(filter),
    placeholderData: keepPreviousData,
  });
  const items = syncs.data?.pages.flatMap((page) => page.items);
  const filtered = Boolean(connection || pipeline || state);
  return (
    <Page title="Syncs" context="Each run of each connection and pipeline, newest first.">
      <SyncsToolbar
        search={filter}
        onChange={change}
        connections={(connections.data?.items ?? []).map((item) => ({
          value: item.connection_id,
          label: connectionName(item),
        }))}
        pipelines={(pipelines.data?.items ?? []).map((item) => ({
          value: item.pipeline,
          label: item.title,
        }))}
      />
      {syncs.error && !items ? (
        <ErrorState
          error={syncs.error}
          what="load the syncs"
          onRetry={() => void syncs.refetch()}
        />
      ) : items?.length === 0 ? (
        <Nothing
          filtered={filtered}
          onClear={() => change({ connection: "", pipeline: "", state: "" })}
        />
      ) : (
        <TableFrame label="Syncs, table">
          <table className={table.table} aria-busy={items === undefined}>
            <caption className="sr-only">Syncs</caption>
            <thead>
              <tr>
                <th>Started</th>
                <th>State</th>
                <th>Kind</th>
                <th>Pipeline</th>
                <th>Started by</th>
                <th>Days read</th>
                <th data-num>Advertisers in</th>
                <th data-num>Rows</th>
                <th data-num>Took</th>
              </tr>
            </thead>
            <tbody>
              {items?.map((item) => <Row key={item.sync_id} sync={item} />) ?? (
                <GhostRows rows={3} widths={[96, 72, 64, 140, 88, 120, 40, 56, 48]} />
              )}
            </tbody>
          </table>
          <ShowMore of={syncs} />
        </TableFrame>
      )}
    </Page>
  );
}

/** Changes a part of the address; an empty value leaves it. */
function useChange() {
  const navigate = useNavigate();
  return (change: SyncsSearch) => {
    void navigate({
      to: ".",
      search: (now: Search) => {
        const next = Object.entries({ ...now, ...change }).filter(([, value]) => value !== "");
        return Object.fromEntries(next) as Search;
      },
    });
  };
}

function Nothing({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  return filtered ? (
    <EmptyState
      title="No sync matches"
      action={
        <Button variant="default" onClick={onClear}>
          Clear filter
        </Button>
      }
    >
      Nothing fits this filter.
    </EmptyState>
  ) : (
    <EmptyState title="Nothing has run yet">
      The first sync starts by itself when advertisers are chosen.{" "}
      <AppLink to={org.connections()}>Connections</AppLink>
    </EmptyState>
  );
}

function Row({ sync }: { sync: Sync }) {
  const done = sync.advertisers.filter((item) => item.state === "done").length;
  return (
    <tr>
      <td>
        <AppLink to={org.sync(sync.sync_id)} className={table.name}>
          {sync.started_at ? <RelativeTime at={sync.started_at} /> : "Not yet"}
        </AppLink>
      </td>
      <td>
        <Chip status={syncStatus(sync.state)} />
      </td>
      <td>{KINDS[sync.kind]}</td>
      <td>
        <PipelineLink pipeline={sync.pipeline} className="quiet" />
      </td>
      <td className="quiet">
        <StartedBy starter={sync.started_by} />
      </td>
      <td className="quiet num">{daysOf(sync)}</td>
      <td data-num>
        {done} / {sync.advertisers.length}
      </td>
      <td data-num>{count(sync.rows_loaded)}</td>
      <td data-num className="quiet">
        {sync.started_at && sync.finished_at ? elapsed(sync.started_at, sync.finished_at) : "–"}
      </td>
    </tr>
  );
}

/** What a file holds is known when it is read; until then it was asked for no days. */
function daysOf({ kind, range, rows_loaded: rows }: Sync): string {
  return kind === "file" && rows === 0 ? "–" : dayRange(range.start, range.end);
}
