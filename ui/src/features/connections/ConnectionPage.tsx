// One connection: its health, what it may read, and the ways to repair or end it.
import { Button, Skeleton } from "@mantine/core";
import { useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";
import { connectionQuery } from "../../api/connections.ts";
import { ApiError } from "../../api/errors.ts";
import { sessionQuery } from "../../api/session.ts";
import { startSync } from "../../api/syncs.ts";
import type { Connection } from "../../api/types.ts";
import { useWrite } from "../../api/write.ts";
import { connectProblem } from "../../lib/connect-problems.ts";
import { connectionName, isDrop } from "../../lib/connections.ts";
import { org } from "../../lib/paths.ts";
import { can } from "../../lib/permissions.ts";
import type { Search } from "../../lib/search.ts";
import { fullSentence } from "../../lib/sentence.ts";
import { AppLink, useGo } from "../../ui/AppLink.tsx";
import { Chip, CONNECTION } from "../../ui/Chip.tsx";
import { ConnectButton } from "../../ui/ConnectButton.tsx";
import { FormError } from "../../ui/FormError.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Page } from "../../ui/Page.tsx";
import { EmptyState, ErrorState } from "../../ui/States.tsx";
import { ConnectionFacts } from "./ConnectionFacts.tsx";
import { ConnectionHealth } from "./ConnectionHealth.tsx";
import { Disconnect } from "./Disconnect.tsx";
import { Drop } from "./Drop.tsx";

export function ConnectionPage() {
  const { connectionId = "" } = useParams({ strict: false }) as { connectionId?: string };
  const search: Search = useSearch({ strict: false });
  const connection = useQuery(connectionQuery(connectionId));
  const above = <AppLink to={org.connections()}>Connections</AppLink>;
  const problem = connectProblem(search.problem);
  const drop = connection.data !== undefined && isDrop(connection.data);

  if (connection.data) {
    return (
      <Page
        narrow
        above={above}
        title={connectionName(connection.data)}
        aside={<Chip status={CONNECTION[connection.data.state]} />}
        context={
          drop
            ? "Files are delivered here and read as a pipeline says"
            : "Display & Video 360, read-only"
        }
        actions={!drop && <Actions connection={connection.data} />}
      >
        {problem && (
          <Notice tone="critical" title={problem.title}>
            {problem.advice}
          </Notice>
        )}
        {drop ? (
          <Drop connectionId={connectionId} />
        ) : (
          <>
            <Health connection={connection.data} />
            <ConnectionHealth connectionId={connectionId} />
          </>
        )}
        <ConnectionFacts connection={connection.data} />
        <Disconnect connection={connection.data} />
      </Page>
    );
  }
  return (
    <Page narrow above={above} title="Connection">
      {connection.error instanceof ApiError && connection.error.missing ? (
        <EmptyState title="No such connection">It may have been disconnected.</EmptyState>
      ) : connection.error ? (
        <ErrorState
          error={connection.error}
          what="load this connection"
          onRetry={() => void connection.refetch()}
        />
      ) : (
        <Skeleton height={200} />
      )}
    </Page>
  );
}

function Actions({ connection }: { connection: Connection }) {
  const go = useGo();
  const queries = useQueryClient();
  const { data: session } = useSuspenseQuery(sessionQuery);
  const start = useWrite(startSync, {
    onSuccess: (sync) => {
      void queries.invalidateQueries({ queryKey: ["syncs", "list"] });
      go(org.sync(sync.sync_id));
    },
  });
  return (
    <>
      <FormError error={start.error} />
      {can(session.role, "manage connections") && (
        <Button
          variant="default"
          onClick={() => go(org.onboardingAdvertisers(connection.connection_id))}
        >
          Choose advertisers
        </Button>
      )}
      {can(session.role, "start sync") && connection.state === "active" && (
        <Button loading={start.isPending} onClick={() => start.mutate(connection.connection_id)}>
          Sync now
        </Button>
      )}
    </>
  );
}

function Health({ connection }: { connection: Connection }) {
  const { data: session } = useSuspenseQuery(sessionQuery);
  if (connection.state === "active") {
    const { problem } = connection;
    return (
      problem && (
        <Notice tone="attention" title="Not everything chosen is read.">
          {fullSentence(problem.message)}
        </Notice>
      )
    );
  }
  if (connection.state === "needs_setup") {
    return (
      <Notice
        tone="attention"
        title="One step is missing."
        action={
          <AppLink to={org.onboardingAdvertisers(connection.connection_id)}>
            Choose advertisers
          </AppLink>
        }
      >
        Choose which advertisers to read.
      </Notice>
    );
  }
  return (
    <Notice
      tone={connection.state === "failed" ? "critical" : "attention"}
      title={fullSentence(
        connection.problem?.message ?? "Google no longer accepts this connection.",
      )}
      action={
        can(session.role, "manage connections") && (
          <ConnectButton
            variant="default"
            connectionId={connection.connection_id}
            returnPath={org.connection(connection.connection_id)}
          >
            Reconnect
          </ConnectButton>
        )
      }
    >
      Figures stay as they were at the last sync. Reconnecting loses nothing.
    </Notice>
  );
}
