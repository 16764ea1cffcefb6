// Step 4: which advertisers to read, with what their backfill will take.
import { Button, Select, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Navigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import {
  advertisersQuery,
  chooseAdvertisers,
  connectionsQuery,
  partnersQuery,
} from "../../api/connections.ts";
import { sessionQuery } from "../../api/session.ts";
import { useWrite } from "../../api/write.ts";
import { plural, roughDuration } from "../../lib/dates.ts";
import { org } from "../../lib/paths.ts";
import { can } from "../../lib/permissions.ts";
import type { Search } from "../../lib/search.ts";
import { split, useGo } from "../../ui/AppLink.tsx";
import { FormError } from "../../ui/FormError.tsx";
import { ErrorState, NoPermission } from "../../ui/States.tsx";
import classes from "./AdvertisersPage.module.css";
import { AdvertiserTable } from "./AdvertiserTable.tsx";
import { useSelection } from "./selection.ts";
import { WizardFrame } from "./WizardFrame.tsx";

export function AdvertisersPage() {
  const search: Search = useSearch({ strict: false });
  const { data: session } = useSuspenseQuery(sessionQuery);
  const connections = useQuery(connectionsQuery);
  const connectionId = search.connection ?? connections.data?.items[0]?.connection_id;
  if (connectionId === undefined && connections.data) {
    return <Navigate {...split(org.onboardingConnect())} replace />;
  }
  return (
    <WizardFrame
      wide
      step="Advertisers"
      title="Choose advertisers"
      lead="The last 90 days are read for each. The first pacing chart appears as soon as one advertiser is in. You can change the choice later."
    >
      {!can(session.role, "manage connections") ? (
        <NoPermission>Choosing advertisers is for owners and admins.</NoPermission>
      ) : (
        connectionId !== undefined && <Chooser connectionId={connectionId} />
      )}
    </WizardFrame>
  );
}

function Chooser({ connectionId }: { connectionId: string }) {
  const go = useGo();
  const queries = useQueryClient();
  const [pickedPartner, setPartner] = useState<string | null>(null);
  const [text, setText] = useState("");
  const partners = useQuery(partnersQuery(connectionId));
  const partnerId = pickedPartner ?? partners.data?.items[0]?.partner_id ?? "";
  const advertisers = useQuery(advertisersQuery(connectionId, partnerId));
  const all = advertisers.data?.items ?? [];
  const selection = useSelection(partnerId, all);
  const chosen = all.filter((item) => selection.has(item.advertiser_id));
  const shown = all.filter((item) => matches(item, text));
  const start = useWrite(chooseAdvertisers, {
    onSuccess: (sync) => {
      void queries.invalidateQueries({ queryKey: ["connections"] });
      void queries.invalidateQueries({ queryKey: ["syncs"] });
      go(org.onboardingProgress(sync.sync_id));
    },
  });

  const failed = partners.error ?? advertisers.error;
  if (failed) {
    const retry = () => void (partners.error ? partners.refetch() : advertisers.refetch());
    return <ErrorState error={failed} what="read your advertisers" onRetry={retry} />;
  }
  return (
    <div className="stack">
      <div className={classes.filters}>
        <Select
          label="Partner"
          className={classes.partner}
          data={(partners.data?.items ?? []).map((item) => ({
            value: item.partner_id,
            label: `${item.name} (${item.partner_id})`,
          }))}
          value={partnerId || null}
          onChange={(value) => value && setPartner(value)}
          allowDeselect={false}
          disabled={!partners.data}
          placeholder="Reading partners…"
        />
        <TextInput
          label="Search"
          type="search"
          className={classes.search}
          placeholder="Name or id"
          leftSection={<IconSearch size={16} />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </div>
      <AdvertiserTable
        loading={advertisers.isPending}
        items={shown}
        total={all.length}
        selection={selection}
        onClearSearch={() => setText("")}
      />
      <FormError error={start.error} />
      <div className={classes.bottom}>
        <p className="small quiet" aria-live="polite">
          {summary(chosen)}
        </p>
        <Button
          disabled={chosen.length === 0}
          loading={start.isPending}
          onClick={() =>
            start.mutate({
              connectionId,
              partnerId,
              advertiserIds: chosen.map((item) => item.advertiser_id),
            })
          }
        >
          Start backfill
        </Button>
      </div>
    </div>
  );
}

function matches(item: { name: string; advertiser_id: string }, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  return item.name.toLowerCase().includes(wanted) || item.advertiser_id.includes(wanted);
}

/** One report covers them all, so the longest wait is the wait. */
function summary(chosen: readonly { estimate: { seconds: number } }[]) {
  if (chosen.length === 0) return "Choose at least one advertiser.";
  const seconds = Math.max(...chosen.map((item) => item.estimate.seconds));
  return `${plural(chosen.length, "advertiser")} in one report · ${roughDuration(seconds)}`;
}
