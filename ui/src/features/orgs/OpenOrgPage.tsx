// Waits until the org is ready, then enters it: POST enter, and on to its own host.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";
import { ApiError } from "../../api/errors.ts";
import { enterOrg, orgQuery } from "../../api/orgs.ts";
import type { OrgSummary } from "../../api/types.ts";
import { newKey } from "../../lib/idempotency.ts";
import { frontDoor, safePath } from "../../lib/paths.ts";
import type { Search } from "../../lib/search.ts";
import { useGo } from "../../ui/AppLink.tsx";
import { FrontAccount } from "../../ui/FrontAccount.tsx";
import { FrontFrame } from "../../ui/FrontFrame.tsx";
import { useTitle } from "../../ui/Page.tsx";
import { SignedIn } from "../../ui/SignedIn.tsx";
import { EmptyState, ErrorState } from "../../ui/States.tsx";
import { Waiting } from "./Waiting.tsx";

export function OpenOrgPage() {
  useTitle("Opening your organisation");
  const { orgId = "" } = useParams({ strict: false }) as { orgId?: string };
  const { path }: Search = useSearch({ strict: false });
  return (
    <SignedIn>
      {(me) => (
        <FrontFrame corner={<FrontAccount user={me.user} />}>
          <Opening orgId={orgId} path={safePath(path)} />
        </FrontFrame>
      )}
    </SignedIn>
  );
}

function Opening({ orgId, path }: { orgId: string; path: string | undefined }) {
  const org = useQuery(orgQuery(orgId));
  const enter = useEnter(org.data, path);
  const error = org.error ?? enter.error;

  if (org.data?.state === "failed") return <Failed problem={org.data.problem} />;
  if (error instanceof ApiError && error.missing) {
    return (
      <EmptyState title="No such organisation">
        It does not exist, or you are not a member of it.
      </EmptyState>
    );
  }
  if (error) {
    const retry = () => void (org.error ? org.refetch() : enter.refetch());
    return <ErrorState error={error} what="open your organisation" onRetry={retry} />;
  }
  return <Waiting org={org.data} entering={enter.data !== undefined} />;
}

/** Entering is a write, but one without an intent of its own: it belongs to this page being open. */
function useEnter(org: OrgSummary | undefined, path: string | undefined) {
  const orgId = org?.org_id ?? "";
  return useQuery({
    queryKey: ["enter", orgId, path ?? "/"],
    queryFn: async () => {
      const { url } = await enterOrg({ orgId, path }, newKey());
      location.assign(url);
      return url;
    },
    enabled: org?.state === "active",
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    retry: (failures, error) =>
      error instanceof ApiError &&
      failures < 10 &&
      (error.temporary || error.code === "org_not_ready"),
    retryDelay: 400,
  });
}

function Failed({ problem }: { problem: string | null | undefined }) {
  const go = useGo();
  return (
    <EmptyState
      title="Your organisation could not be prepared"
      action={
        <Button variant="default" onClick={() => go(frontDoor.signUpOrganisation())}>
          Start again
        </Button>
      }
    >
      {problem ?? "You can start again, with this address or another one."}
    </EmptyState>
  );
}
