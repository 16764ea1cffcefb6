// The account menu of the front door.
import { useQueryClient } from "@tanstack/react-query";
import { signOut } from "../api/account.ts";
import type { User } from "../api/types.ts";
import { useWrite } from "../api/write.ts";
import { frontDoor } from "../lib/paths.ts";
import { AccountMenu } from "./AccountMenu.tsx";
import { useGo } from "./AppLink.tsx";

export function FrontAccount({ user }: { user: User }) {
  const go = useGo();
  const queries = useQueryClient();
  const leave = useWrite(signOut, {
    onSuccess: () => {
      queries.clear();
      go(frontDoor.signIn());
    },
  });
  return <AccountMenu user={user} onSignOut={() => leave.mutate()} />;
}
