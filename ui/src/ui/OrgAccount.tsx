// The account menu inside an org.
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { leaveOrg, sessionQuery } from "../api/session.ts";
import { useWrite } from "../api/write.ts";
import { AccountMenu } from "./AccountMenu.tsx";

export function OrgAccount({ onShortcuts }: { onShortcuts?: () => void }) {
  const { data: session } = useSuspenseQuery(sessionQuery);
  const queries = useQueryClient();
  const leave = useWrite(leaveOrg, {
    onSuccess: () => {
      queries.clear();
      location.assign(session.app_url);
    },
  });
  return (
    <AccountMenu
      user={session.user}
      detail={`${ROLES[session.role]} of ${session.org.name}`}
      onSignOut={() => leave.mutate()}
      {...(onShortcuts ? { onShortcuts } : {})}
    />
  );
}

const ROLES = { owner: "Owner", admin: "Admin", analyst: "Analyst", viewer: "Viewer" };
