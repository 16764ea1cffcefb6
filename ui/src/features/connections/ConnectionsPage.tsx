// The org's connections and their health.
import { Button } from "@mantine/core";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { connectionsQuery } from "../../api/connections.ts";
import { sessionQuery } from "../../api/session.ts";
import type { Connection } from "../../api/types.ts";
import { connectProblem } from "../../lib/connect-problems.ts";
import { connectionName, isDrop } from "../../lib/connections.ts";
import { plural } from "../../lib/dates.ts";
import { org } from "../../lib/paths.ts";
import { can } from "../../lib/permissions.ts";
import type { Search } from "../../lib/search.ts";
import { AppLink, useGo } from "../../ui/AppLink.tsx";
import { Chip, CONNECTION, syncStatus } from "../../ui/Chip.tsx";
import { ConnectButton } from "../../ui/ConnectButton.tsx";
import { GhostRows } from "../../ui/GhostRows.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Page } from "../../ui/Page.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { EmptyState, ErrorState } from "../../ui/States.tsx";
import { TableFrame } from "../../ui/TableFrame.tsx";
import table from "../../ui/table.module.css";

export function ConnectionsPage() {
  const go = useGo();
  const search: Search = useSearch({ strict: false });
  const problem = connectProblem(search.problem);
  const { data: session } = useSuspenseQuery(sessionQuery);
  const connections = useQuery(connectionsQuery);
  const items = connections.data?.items;
  const manages = can(session.role, "manage connections");
  const connect = manages && (
    <>
      <ConnectButton
        variant={items?.length ? "default" : "filled"}
        returnPath={org.onboardingConnect()}
      >
        Connect DV360
      </ConnectButton>
      <Button variant="default" onClick={() => go(org.newDrop())}>
        Deliver files
      </Button>
    </>
  );

  return (
    <Page
      title="Connections"
      context="Where figures come from: accounts that are read, never written, and files that are delivered."
      actions={items?.length ? connect : null}
    >
      {problem && (
        <Notice tone="critical" title={problem.title}>
          {problem.advice}
        </Notice>
      )}
      {connections.error ? (
        <ErrorState
          error={connections.error}
          what="load the connections"
          onRetry={() => void connections.refetch()}
        />
      ) : items?.length === 0 ? (
        <EmptyState title="Nothing is connected yet" action={connect}>
          Connect Display &amp; Video 360 and its insertion orders, budgets and delivery appear
          under Pacing. Figures of other platforms are delivered as files.
          {!manages && " Ask an owner or admin to do it."}
        </EmptyState>
      ) : (
        <ConnectionTable items={items} />
      )}
    </Page>
  );
}

function ConnectionTable({ items }: { items: readonly Connection[] | undefined }) {
  return (
    <TableFrame label="Connections, table">
      <table className={table.table} aria-busy={items === undefined}>
        <caption className="sr-only">Connections</caption>
        <thead>
          <tr>
            <th>Connection</th>
            <th>State</th>
            <th>Source</th>
            <th>Partner</th>
            <th data-num>Advertisers</th>
            <th>Last sync</th>
          </tr>
        </thead>
        <tbody>
          {items?.map((item) => <Row key={item.connection_id} item={item} />) ?? (
            <GhostRows rows={1} widths={[160, 72, 120, 120, 24, 96]} />
          )}
        </tbody>
      </table>
    </TableFrame>
  );
}

function Row({ item }: { item: Connection }) {
  const drop = isDrop(item);
  return (
    <tr>
      <td>
        <AppLink to={org.connection(item.connection_id)} className={table.name}>
          {connectionName(item)}
        </AppLink>
      </td>
      <td>
        <Chip status={CONNECTION[item.state]} />
      </td>
      <td className="quiet">{drop ? "Delivered files" : "Display & Video 360"}</td>
      <td className="quiet">{drop ? "–" : (item.partner?.name ?? "Not chosen")}</td>
      <td
        data-num
        className={drop ? "quieter" : undefined}
        title={drop ? undefined : plural(item.advertisers_selected, "advertiser")}
      >
        {drop ? "–" : item.advertisers_selected}
      </td>
      <td className="quiet">
        {item.last_sync == null ? (
          "Never"
        ) : item.last_sync.finished_at ? (
          <>
            {syncStatus(item.last_sync.state).word} <RelativeTime at={item.last_sync.finished_at} />
          </>
        ) : (
          syncStatus(item.last_sync.state).word
        )}
      </td>
    </tr>
  );
}
