// Everything in an org stands behind its session. When a session ends while somebody is at
// work, the page stays as it is under a dialog, so that nothing typed is lost.
import { Button, Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Outlet, useLocation } from "@tanstack/react-router";
import { ApiError } from "../../api/errors.ts";
import { sessionQuery } from "../../api/session.ts";
import { frontDoorOrigin, placeOf } from "../../lib/host.ts";
import { frontDoor } from "../../lib/paths.ts";
import { FrontFrame } from "../../ui/FrontFrame.tsx";
import { useTitle } from "../../ui/Page.tsx";
import { EmptyState, ErrorState } from "../../ui/States.tsx";
import { ShellSkeleton } from "./ShellSkeleton.tsx";

export function SessionGuard() {
  const session = useQuery(sessionQuery);
  const { href } = useLocation();
  const signInUrl = useSignInUrl(href);
  const signedOut = session.error instanceof ApiError && session.error.signedOut;

  if (session.data) {
    return (
      <>
        <Outlet />
        <Modal
          opened={signedOut}
          onClose={() => void session.refetch()}
          title="You are signed out"
          centered
        >
          <p className="quiet">
            Your session has ended. This page is kept as it is: sign in in a new tab, then come back
            and continue.
          </p>
          <div className="row" style={{ marginTop: 20 }}>
            <Button component="a" href={signInUrl} target="_blank" rel="noreferrer">
              Sign in
            </Button>
            <Button variant="default" onClick={() => void session.refetch()}>
              I have signed in
            </Button>
          </div>
        </Modal>
      </>
    );
  }
  if (signedOut) return <SignedOut signInUrl={signInUrl} />;
  if (session.error) {
    return (
      <FrontFrame>
        <ErrorState
          error={session.error}
          what="open your organisation"
          onRetry={() => void session.refetch()}
        />
      </FrontFrame>
    );
  }
  return <ShellSkeleton />;
}

function SignedOut({ signInUrl }: { signInUrl: string }) {
  useTitle("Sign in");
  const place = placeOf(location.hostname);
  return (
    <FrontFrame>
      <EmptyState
        title="Sign in to continue"
        action={
          <Button component="a" href={signInUrl}>
            Sign in
          </Button>
        }
      >
        {place.kind === "org" ? (
          <>
            You are not signed in to <strong>{place.slug}</strong>. After signing in you come back
            to this page.
          </>
        ) : (
          "You are not signed in."
        )}
      </EmptyState>
    </FrontFrame>
  );
}

/** The front door's sign-in, which brings the person back to this very page. */
function useSignInUrl(path: string): string {
  const place = placeOf(location.hostname);
  const back = place.kind === "org" ? { org: place.slug, path } : {};
  return frontDoorOrigin(location) + frontDoor.signIn(back);
}
