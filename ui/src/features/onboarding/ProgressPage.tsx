// Step 5: the backfill, live. It ends on pacing as soon as the first advertiser is in.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Navigate, useSearch } from "@tanstack/react-router";
import { liveSyncQuery, startSync, syncsQuery } from "../../api/syncs.ts";
import type { Sync } from "../../api/types.ts";
import { useWrite } from "../../api/write.ts";
import { org } from "../../lib/paths.ts";
import type { Search } from "../../lib/search.ts";
import { sentence } from "../../lib/sentence.ts";
import { split, useGo } from "../../ui/AppLink.tsx";
import { FormError } from "../../ui/FormError.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { ErrorState } from "../../ui/States.tsx";
import { SyncProgress, SyncProgressSkeleton } from "../../ui/SyncProgress.tsx";
import { WizardFrame } from "./WizardFrame.tsx";

export function ProgressPage() {
  const search: Search = useSearch({ strict: false });
  // Opened without an id, e.g. on another device: the newest sync is the one meant.
  const newest = useQuery({ ...syncsQuery(), enabled: !search.sync });
  const syncId = search.sync ?? newest.data?.items[0]?.sync_id;
  if (!search.sync && newest.data && syncId === undefined) {
    return <Navigate {...split(org.onboardingConnect())} replace />;
  }
  return (
    <WizardFrame
      step="First data"
      title="Reading your data"
      lead="Your pacing opens by itself when the first advertiser is in; the others follow. You can also leave and come back."
    >
      {syncId === undefined ? <SyncProgressSkeleton /> : <Live syncId={syncId} />}
    </WizardFrame>
  );
}

function Live({ syncId }: { syncId: string }) {
  const live = useQuery(liveSyncQuery(syncId));
  if (live.error) {
    return (
      <ErrorState error={live.error} what="follow this sync" onRetry={() => void live.refetch()} />
    );
  }
  if (!live.data) return <SyncProgressSkeleton />;
  if (firstDataIsIn(live.data)) {
    return <Navigate {...split(org.pacing())} replace />;
  }
  return (
    <div className="stack">
      {live.data.state === "failed" || live.data.state === "quarantined" ? (
        <Failed sync={live.data} />
      ) : null}
      <SyncProgress sync={live.data} />
    </div>
  );
}

export function firstDataIsIn(sync: Sync): boolean {
  return (
    sync.state === "done" || sync.advertisers.some((item) => item.state === "done" && item.rows > 0)
  );
}

function Failed({ sync }: { sync: Sync }) {
  const go = useGo();
  const again = useWrite(startSync, {
    onSuccess: (next) => go(org.onboardingProgress(next.sync_id), { replace: true }),
  });
  return (
    <>
      <Notice tone="critical" title="The backfill stopped.">
        {sentence(sync.problem?.message ?? sync.message)} What was read so far is kept.
      </Notice>
      <FormError error={again.error} />
      <div className="row">
        <Button loading={again.isPending} onClick={() => again.mutate(sync.connection_id)}>
          Try again
        </Button>
        <Button variant="default" onClick={() => go(org.onboardingAdvertisers(sync.connection_id))}>
          Change advertisers
        </Button>
      </div>
    </>
  );
}
