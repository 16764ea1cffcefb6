// Choose an organisation. With none yet, the way leads to creating the first.
import { Button } from "@mantine/core";
import { IconChevronRight, IconPlus } from "@tabler/icons-react";
import { Navigate, useSearch } from "@tanstack/react-router";
import type { OrgSummary } from "../../api/types.ts";
import { frontDoor } from "../../lib/paths.ts";
import type { Search } from "../../lib/search.ts";
import { AppLink, split, useGo } from "../../ui/AppLink.tsx";
import { FrontAccount } from "../../ui/FrontAccount.tsx";
import { FormHeading, FrontFrame } from "../../ui/FrontFrame.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { useTitle } from "../../ui/Page.tsx";
import { SignedIn } from "../../ui/SignedIn.tsx";
import classes from "./OrgsPage.module.css";

export function OrgsPage() {
  useTitle("Organisations");
  const go = useGo();
  const { problem }: Search = useSearch({ strict: false });
  return (
    <SignedIn>
      {(me) =>
        me.orgs.length === 0 ? (
          <Navigate {...split(frontDoor.signUpOrganisation())} replace />
        ) : (
          <FrontFrame corner={<FrontAccount user={me.user} />}>
            <FormHeading title="Choose an organisation">Signed in as {me.user.email}.</FormHeading>
            {problem === "code_not_valid" && (
              <div className={classes.notice}>
                <Notice tone="attention" title="That way in had expired.">
                  Each one works once and for a minute. Choose the organisation again.
                </Notice>
              </div>
            )}
            <ul className={classes.list}>
              {me.orgs.map((org) => (
                <li key={org.org_id}>
                  <OrgLink org={org} />
                </li>
              ))}
            </ul>
            <Button
              variant="default"
              leftSection={<IconPlus size={16} />}
              onClick={() => go(frontDoor.signUpOrganisation())}
            >
              New organisation
            </Button>
          </FrontFrame>
        )
      }
    </SignedIn>
  );
}

function OrgLink({ org }: { org: OrgSummary }) {
  return (
    <AppLink to={frontDoor.openOrg(org.org_id)} className={classes.org}>
      <span className={classes.mark} aria-hidden="true">
        {org.name[0]?.toUpperCase()}
      </span>
      <span className={classes.text}>
        <span className={classes.name}>{org.name}</span>
        <span className="tiny quieter">
          {org.slug} · {ROLES[org.role]}
          {org.state === "provisioning" && " · being prepared"}
          {org.state === "failed" && " · could not be prepared"}
        </span>
      </span>
      <IconChevronRight size={16} className="quieter" aria-hidden="true" />
    </AppLink>
  );
}

const ROLES: Record<OrgSummary["role"], string> = {
  owner: "Owner",
  admin: "Admin",
  analyst: "Analyst",
  viewer: "Viewer",
};
