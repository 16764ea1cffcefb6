// Every run, newest first; the list refreshes itself while something runs.
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { syncsQuery } from "../../api/syncs.ts";
import type { Sync } from "../../api/types.ts";
import { dayRange, elapsed } from "../../lib/dates.ts";
import { count } from "../../lib/money.ts";
import { org } from "../../lib/paths.ts";
import type { Search } from "../../lib/search.ts";
import { AppLink } from "../../ui/AppLink.tsx";
import { Chip, syncStatus } from "../../ui/Chip.tsx";
import { Page } from "../../ui/Page.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { EmptyState, ErrorState } from "../../ui/States.tsx";
import table from "../../ui/table.module.css";
import { KINDS } from "./kinds.ts";

export function SyncsPage() {
  const { connection }: Search = useSearch({ strict: false });
  const syncs = useQuery(syncsQuery(connection));
  const items = syncs.data?.items;
  return (
    <Page
      title="Syncs"
      context={
        connection ? (
          <>
            Of one connection. <AppLink to={org.syncs()}>Show all</AppLink>
          </>
        ) : (
          "Each run of each connection, newest first."
        )
      }
    >
      {syncs.error ? (
        <ErrorState
          error={syncs.error}
          what="load the syncs"
          onRetry={() => void syncs.refetch()}
        />
      ) : items?.length === 0 ? (
        <EmptyState title="Nothing has run yet">
          The first sync starts by itself when advertisers are chosen.{" "}
          <AppLink to={org.connections()}>Connections</AppLink>
        </EmptyState>
      ) : (
        <div className={table.frame} aria-busy={items === undefined}>
          <table className={table.table}>
            <caption className="sr-only">Syncs</caption>
            <thead>
              <tr>
                <th>Started</th>
                <th>Kind</th>
                <th>State</th>
                <th data-num>Advertisers in</th>
                <th data-num>Rows</th>
                <th>Days read</th>
                <th data-num>Took</th>
              </tr>
            </thead>
            <tbody>
              {items?.map((item) => <Row key={item.sync_id} sync={item} />) ?? <Ghosts />}
            </tbody>
          </table>
        </div>
      )}
    </Page>
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
      <td>{KINDS[sync.kind]}</td>
      <td>
        <Chip status={syncStatus(sync.state)} />
      </td>
      <td data-num>
        {done} / {sync.advertisers.length}
      </td>
      <td data-num>{count(sync.rows_loaded)}</td>
      <td className="quiet num">{dayRange(sync.range.start, sync.range.end)}</td>
      <td data-num className="quiet">
        {sync.started_at && sync.finished_at ? elapsed(sync.started_at, sync.finished_at) : "–"}
      </td>
    </tr>
  );
}

function Ghosts() {
  return [1, 2, 3].map((row) => (
    <tr key={row}>
      {[96, 64, 72, 40, 56, 120, 48].map((width) => (
        <td key={width}>
          <Skeleton height={10} width={width} />
        </td>
      ))}
    </tr>
  ));
}
