// One sync, live while it runs.
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { ApiError } from "../../api/errors.ts";
import { liveSyncQuery } from "../../api/syncs.ts";
import type { Sync } from "../../api/types.ts";
import { elapsed, instant } from "../../lib/dates.ts";
import { org } from "../../lib/paths.ts";
import { fullSentence } from "../../lib/sentence.ts";
import { AppLink } from "../../ui/AppLink.tsx";
import { CopyText } from "../../ui/CopyText.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Page } from "../../ui/Page.tsx";
import { EmptyState, ErrorState } from "../../ui/States.tsx";
import { SyncProgress, SyncProgressSkeleton } from "../../ui/SyncProgress.tsx";
import { KINDS } from "./kinds.ts";

export function SyncPage() {
  const { syncId = "" } = useParams({ strict: false }) as { syncId?: string };
  const live = useQuery(liveSyncQuery(syncId));
  const sync = live.data;
  return (
    <Page
      narrow
      above={<AppLink to={org.syncs()}>Syncs</AppLink>}
      title={sync ? `${KINDS[sync.kind]} sync` : "Sync"}
      context={sync && <When sync={sync} />}
    >
      {live.error instanceof ApiError && live.error.missing ? (
        <EmptyState title="No such sync">It may be older than we keep.</EmptyState>
      ) : live.error ? (
        <ErrorState
          error={live.error}
          what="follow this sync"
          onRetry={() => void live.refetch()}
        />
      ) : sync ? (
        <>
          {sync.problem && (
            <Notice
              tone={sync.state === "quarantined" ? "attention" : "critical"}
              title={fullSentence(sync.problem.message)}
              action={<AppLink to={org.connection(sync.connection_id)}>Open connection</AppLink>}
            >
              {sync.state === "quarantined"
                ? "The file is kept aside and was not loaded; earlier figures stand."
                : "What was loaded before stays as it is."}
            </Notice>
          )}
          <SyncProgress sync={sync} />
          <p className="small quieter">
            Sync id <CopyText text={sync.sync_id} what="sync id" />
          </p>
        </>
      ) : (
        <SyncProgressSkeleton />
      )}
    </Page>
  );
}

function When({ sync }: { sync: Sync }) {
  if (sync.started_at == null) return "Waiting to start";
  return sync.finished_at == null
    ? `Started ${instant(sync.started_at)}`
    : `${instant(sync.started_at)}, took ${elapsed(sync.started_at, sync.finished_at)}`;
}
