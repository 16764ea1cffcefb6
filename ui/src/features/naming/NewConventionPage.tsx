// A new convention: from what was learned, or from a short example.
import { Skeleton } from "@mantine/core";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { type ConventionDocument, proposalQuery } from "../../api/naming.ts";
import { sessionQuery } from "../../api/session.ts";
import { org } from "../../lib/paths.ts";
import { can } from "../../lib/permissions.ts";
import type { Search } from "../../lib/search.ts";
import { AppLink } from "../../ui/AppLink.tsx";
import { Page } from "../../ui/Page.tsx";
import { NoPermission } from "../../ui/States.tsx";
import { ConventionEditor } from "./ConventionEditor.tsx";
import { levelOf } from "./words.ts";

export function NewConventionPage() {
  const search: Search = useSearch({ strict: false });
  const { data: session } = useSuspenseQuery(sessionQuery);
  const level = levelOf(search.level);
  const learned = useQuery({
    ...proposalQuery(level, search.advertiser),
    enabled: search.level !== undefined,
  });
  const above = <AppLink to={org.conventions()}>Conventions</AppLink>;
  const waiting = search.level !== undefined && learned.isPending;
  if (!can(session.role, "manage settings") || waiting) {
    return (
      <Page above={above} title="New convention">
        {waiting ? (
          <Skeleton height={480} radius={8} />
        ) : (
          <NoPermission>An owner or admin can keep conventions.</NoPermission>
        )}
      </Page>
    );
  }
  const from = learned.data?.proposal?.convention as ConventionDocument | undefined;
  return (
    <ConventionEditor
      id={null}
      version={0}
      saved={from ?? EXAMPLE}
      title="New convention"
      above={above}
    />
  );
}

const EXAMPLE: ConventionDocument = {
  title: "Line items",
  level: "line_item",
  delimiter: "_",
  fields: [
    {
      name: "market",
      kind: { type: "picklist", values: [{ code: "DE", label: "Germany", aliases: ["GER"] }] },
    },
    { name: "start", kind: { type: "date", format: "YYYYMMDD" } },
    { name: "what", kind: { type: "text" } },
  ],
  rules: [{ rule: "agrees", field: "start", attribute: "flight_start" }],
};
