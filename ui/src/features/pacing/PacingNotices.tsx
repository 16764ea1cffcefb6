// What is special about the figures right now: still arriving, late, or a connection at rest.
import type { Connection, PacingList, Sync } from "../../api/types.ts";
import { day, plural } from "../../lib/dates.ts";
import { isLate } from "../../lib/freshness.ts";
import { org } from "../../lib/paths.ts";
import { fullSentence } from "../../lib/sentence.ts";
import { AppLink } from "../../ui/AppLink.tsx";
import { Notice } from "../../ui/Notice.tsx";

type Props = {
  running: Sync | undefined;
  connections: readonly Connection[] | undefined;
  asOf: PacingList["as_of"] | undefined;
};

export function PacingNotices({ running, connections = [], asOf }: Props) {
  const stopped = connections.find((item) => item.state === "paused" || item.state === "failed");
  const late = asOf?.advertisers.filter((item) => isLate(item)) ?? [];
  return (
    <>
      {running?.kind === "backfill" && <Backfill sync={running} />}
      {stopped && (
        <Notice
          tone="attention"
          title={
            stopped.state === "paused" ? "The connection is paused." : "The connection failed."
          }
          action={<AppLink to={org.connection(stopped.connection_id)}>Reconnect</AppLink>}
        >
          {fullSentence(stopped.problem?.message ?? "Google no longer accepts it.")} Figures below
          stay as they were at the last sync.
        </Notice>
      )}
      {late.length > 0 && !stopped && (
        <Notice
          tone="attention"
          title={`Data of ${plural(late.length, "advertiser")} is late.`}
          action={<AppLink to={org.syncs()}>See syncs</AppLink>}
        >
          {late
            .slice(0, 3)
            .map((item) => `${item.name} is known through ${day(item.through)}`)
            .join("; ")}
          . Pacing is computed to those days.
        </Notice>
      )}
    </>
  );
}

function Backfill({ sync }: { sync: Sync }) {
  const done = sync.advertisers.filter((item) => item.state === "done").length;
  return (
    <Notice
      tone="working"
      title={`Backfill running: ${done} of ${plural(sync.advertisers.length, "advertiser")} in.`}
      action={<AppLink to={org.sync(sync.sync_id)}>Watch</AppLink>}
    >
      The others appear here by themselves; totals grow until then.
    </Notice>
  );
}
