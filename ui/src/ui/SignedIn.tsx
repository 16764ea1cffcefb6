// Shows its children only to a signed-in person; others go to sign in and come back.
import { useQuery } from "@tanstack/react-query";
import { Navigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { meQuery } from "../api/account.ts";
import { ApiError } from "../api/errors.ts";
import type { Me } from "../api/types.ts";
import { frontDoor } from "../lib/paths.ts";
import { split } from "./AppLink.tsx";
import { FrontFrame } from "./FrontFrame.tsx";
import { ErrorState } from "./States.tsx";

export function SignedIn({ children }: { children: (me: Me) => ReactNode }) {
  const me = useQuery(meQuery);
  if (me.data) return children(me.data);
  if (me.error instanceof ApiError && me.error.signedOut) {
    return <Navigate {...split(frontDoor.signIn())} replace />;
  }
  return (
    <FrontFrame>
      {me.error && (
        <ErrorState error={me.error} what="load your account" onRetry={() => void me.refetch()} />
      )}
    </FrontFrame>
  );
}
