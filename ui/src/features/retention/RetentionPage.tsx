// For how long figures and files are kept, what the next run would drop, and what runs have dropped.
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { retentionQuery } from "../../api/retention.ts";
import { org } from "../../lib/paths.ts";
import { AppLink } from "../../ui/AppLink.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Page } from "../../ui/Page.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { EmptyState, ErrorState } from "../../ui/States.tsx";
import { Drops } from "./Drops.tsx";
import { KeptTable } from "./KeptTable.tsx";
import { dueWords } from "./words.ts";

export function RetentionPage() {
  const retention = useQuery(retentionQuery);
  const plan = retention.data;
  return (
    <Page
      narrow
      title="Retention"
      context={
        <>
          For how long figures and files are kept, as each{" "}
          <AppLink to={org.pipelines()}>pipeline</AppLink> says. A day that the source may still
          change is never dropped.
        </>
      }
    >
      {retention.error && !plan ? (
        <ErrorState
          error={retention.error}
          what="load what is kept"
          onRetry={() => void retention.refetch()}
        />
      ) : plan === undefined ? (
        <Skeleton height={240} radius={8} />
      ) : plan.next_run_at == null ? (
        <EmptyState title="Nothing is kept yet">
          What is kept for how long shows here once a first sync has loaded data.{" "}
          <AppLink to={org.connections()}>Connections</AppLink>
        </EmptyState>
      ) : (
        <>
          <Notice tone="info" title={dueWords(plan.items)}>
            The next run comes <RelativeTime at={plan.next_run_at} />; nothing is dropped before it.
          </Notice>
          <KeptTable items={plan.items} />
          <Drops />
        </>
      )}
    </Page>
  );
}
