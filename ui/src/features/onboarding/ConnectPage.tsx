// Step 3: consent at Google. Read-only, and it says so before anyone is sent away.
import { IconEye, IconLock, IconUnlink } from "@tabler/icons-react";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Navigate, useSearch } from "@tanstack/react-router";
import { connectionsQuery } from "../../api/connections.ts";
import { sessionQuery } from "../../api/session.ts";
import { connectProblem } from "../../lib/connect-problems.ts";
import { org } from "../../lib/paths.ts";
import { can } from "../../lib/permissions.ts";
import type { Search } from "../../lib/search.ts";
import { AppLink, split } from "../../ui/AppLink.tsx";
import { ConnectButton } from "../../ui/ConnectButton.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { NoPermission } from "../../ui/States.tsx";
import classes from "./ConnectPage.module.css";
import { WizardFrame } from "./WizardFrame.tsx";

const FACTS = [
  { icon: IconEye, text: "Read-only. Nothing in Display & Video 360 is ever changed." },
  {
    icon: IconLock,
    text: "Credentials are encrypted with a key that only your organisation uses.",
  },
  { icon: IconUnlink, text: "Disconnect at any time, here or in your Google account." },
];

export function ConnectPage() {
  const search: Search = useSearch({ strict: false });
  const { data: session } = useSuspenseQuery(sessionQuery);
  const connections = useQuery(connectionsQuery);
  const problem = connectProblem(search.problem);
  const existing = connections.data?.items[0];

  // The consent journey comes back here with the connection it made.
  if (search.connection) {
    return <Navigate {...split(org.onboardingAdvertisers(search.connection))} replace />;
  }
  return (
    <WizardFrame
      step="Connect DV360"
      title="Connect Display & Video 360"
      lead="Sign in with a Google account that can see the partner whose pacing you want to follow."
    >
      {can(session.role, "manage connections") ? (
        <div className="stack">
          {problem && (
            <Notice tone="critical" title={problem.title}>
              {problem.advice}
            </Notice>
          )}
          {existing && (
            <Notice
              tone="info"
              title={`Already connected${existing.account_email ? ` as ${existing.account_email}` : ""}.`}
              action={
                <AppLink to={org.onboardingAdvertisers(existing.connection_id)}>
                  Choose advertisers
                </AppLink>
              }
            />
          )}
          <ul className={classes.facts}>
            {FACTS.map(({ icon: Icon, text }) => (
              <li key={text}>
                <Icon size={16} aria-hidden="true" /> {text}
              </li>
            ))}
          </ul>
          <div className={classes.action}>
            <ConnectButton returnPath={org.onboardingConnect()}>
              {existing ? "Connect another account" : "Connect DV360"}
            </ConnectButton>
          </div>
        </div>
      ) : (
        <NoPermission>
          Connecting an account is for owners and admins. Ask one of them to connect Display &amp;
          Video 360; you will see its pacing here.
        </NoPermission>
      )}
    </WizardFrame>
  );
}
