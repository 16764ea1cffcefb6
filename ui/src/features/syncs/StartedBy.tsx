// Who or what a sync was started by; nothing of syncs from before that was written down.
import type { Sync } from "../../api/types.ts";
import { org } from "../../lib/paths.ts";
import { AppLink } from "../../ui/AppLink.tsx";
import { Person } from "../../ui/Person.tsx";

export function StartedBy({ starter }: { starter: Sync["started_by"] }) {
  switch (starter?.by) {
    case "person":
      return <Person userId={starter.user_id} />;
    case "consent":
      return (
        <>
          <Person userId={starter.user_id} />, reconnecting
        </>
      );
    case "backfill":
      return <AppLink to={org.backfill(starter.backfill_id)}>Backfill</AppLink>;
    case "schedule":
      return <>Schedule</>;
    case "folder":
      return <>Folder</>;
    default:
      return <>–</>;
  }
}
