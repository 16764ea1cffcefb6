// One sync, live while it runs: how far, what it did and when, and the way to end it.
import { Button } from "@mantine/core";
import {
  keepPreviousData,
  useQuery,
  useQueryClient,
  useSuspenseQuery,
} from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { ApiError } from "../../api/errors.ts";
import { sessionQuery } from "../../api/session.ts";
import { cancelSync, isRunning, liveSyncQuery, timelineQuery } from "../../api/syncs.ts";
import type { Sync } from "../../api/types.ts";
import { useWrite } from "../../api/write.ts";
import { elapsed, instant } from "../../lib/dates.ts";
import { org } from "../../lib/paths.ts";
import { can } from "../../lib/permissions.ts";
import { fullSentence } from "../../lib/sentence.ts";
import { AppLink } from "../../ui/AppLink.tsx";
import { CopyText } from "../../ui/CopyText.tsx";
import { FormError } from "../../ui/FormError.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Page } from "../../ui/Page.tsx";
import { PipelineLink } from "../../ui/PipelineLink.tsx";
import { EmptyState, ErrorState } from "../../ui/States.tsx";
import { SyncProgress, SyncProgressSkeleton } from "../../ui/SyncProgress.tsx";
import { KINDS } from "./kinds.ts";
import { StartedBy } from "./StartedBy.tsx";
import { SyncTimeline } from "./SyncTimeline.tsx";
import { withCurrent } from "./timeline.ts";

export function SyncPage() {
  const { syncId = "" } = useParams({ strict: false }) as { syncId?: string };
  const live = useQuery(liveSyncQuery(syncId));
  const sync = live.data;
  return (
    <Page
      narrow
      above={<AppLink to={org.syncs()}>Syncs</AppLink>}
      title={sync ? titleOf(sync) : "Sync"}
      context={sync && <When sync={sync} />}
      actions={sync && isRunning(sync) && <Cancel sync={sync} />}
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
          {sync.problem && <Problem sync={sync} problem={sync.problem} />}
          <SyncProgress sync={sync} />
          <Steps sync={sync} />
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

function titleOf({ kind }: Sync): string {
  return kind === "file" ? KINDS[kind] : `${KINDS[kind]} sync`;
}

function Steps({ sync }: { sync: Sync }) {
  const timeline = useQuery({
    ...timelineQuery(sync.sync_id, sync.state),
    placeholderData: keepPreviousData,
  });
  const running = isRunning(sync);
  if (timeline.data === undefined) return null;
  return <SyncTimeline steps={withCurrent(timeline.data, sync, running)} running={running} />;
}

type ProblemProps = { sync: Sync; problem: NonNullable<Sync["problem"]> };

function Problem({ sync, problem }: ProblemProps) {
  const quarantined = sync.state === "quarantined";
  return (
    <Notice
      tone={sync.state === "failed" ? "critical" : "attention"}
      title={fullSentence(problem.message)}
      action={
        quarantined ? (
          <AppLink to={org.quarantined(sync.sync_id)}>See the file</AppLink>
        ) : (
          <AppLink to={org.connection(sync.connection_id)}>Open connection</AppLink>
        )
      }
    >
      {quarantined
        ? "The file is kept aside and was not loaded; earlier figures stand."
        : isRunning(sync)
          ? "It goes on by itself."
          : "What was loaded before stays as it is."}
    </Notice>
  );
}

function Cancel({ sync }: { sync: Sync }) {
  const queries = useQueryClient();
  const { data: session } = useSuspenseQuery(sessionQuery);
  const cancel = useWrite(cancelSync, {
    onSuccess: () => void queries.invalidateQueries({ queryKey: ["syncs"] }),
  });
  if (!can(session.role, "start sync")) return null;
  return (
    <>
      <FormError error={cancel.error} />
      <Button
        variant="default"
        loading={cancel.isPending}
        onClick={() => cancel.mutate(sync.sync_id)}
      >
        Cancel sync
      </Button>
    </>
  );
}

function When({ sync }: { sync: Sync }) {
  const { started_at: start, finished_at: end, started_by: starter } = sync;
  return (
    <>
      <PipelineLink pipeline={sync.pipeline} />,{" "}
      {start == null
        ? "waiting to start"
        : end == null
          ? `started ${instant(start)}`
          : `${instant(start)}, took ${elapsed(start, end)}`}
      {starter && (
        <>
          {" · by "}
          <StartedBy starter={starter} />
        </>
      )}
    </>
  );
}
