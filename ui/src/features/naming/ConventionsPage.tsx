// Every naming convention: for what, of which fields, and since when it is like this.
import { Button } from "@mantine/core";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { ApiError } from "../../api/errors.ts";
import { conventionsQuery } from "../../api/naming.ts";
import { sessionQuery } from "../../api/session.ts";
import type { ConventionEntry } from "../../api/types.ts";
import { plural } from "../../lib/dates.ts";
import { org } from "../../lib/paths.ts";
import { can } from "../../lib/permissions.ts";
import { AppLink, useGo } from "../../ui/AppLink.tsx";
import { GhostRows } from "../../ui/GhostRows.tsx";
import { Page } from "../../ui/Page.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { EmptyState, ErrorState } from "../../ui/States.tsx";
import { TableFrame } from "../../ui/TableFrame.tsx";
import table from "../../ui/table.module.css";
import { Off } from "./Off.tsx";
import { Tabs } from "./Tabs.tsx";
import { levelWords } from "./words.ts";

export function ConventionsPage() {
  const go = useGo();
  const { data: session } = useSuspenseQuery(sessionQuery);
  const conventions = useQuery(conventionsQuery);
  const items = conventions.data?.items;
  const error = conventions.error;
  const mayEdit = can(session.role, "manage settings");
  const learn = (
    <Button variant={items?.length ? "default" : "filled"} onClick={() => go(org.learnNames())}>
      Learn from names
    </Button>
  );
  return (
    <Page
      title="Conventions"
      context="What names are made of, level by level."
      actions={
        <>
          {learn}
          {mayEdit && (
            <Button variant="default" onClick={() => go(org.newConvention())}>
              Write one
            </Button>
          )}
        </>
      }
    >
      <Tabs current="conventions" />
      {error instanceof ApiError && error.code === "module_off" ? (
        <Off />
      ) : error ? (
        <ErrorState
          error={error}
          what="load the conventions"
          onRetry={() => void conventions.refetch()}
        />
      ) : items?.length === 0 ? (
        <EmptyState title="No convention yet" action={learn}>
          The quickest way is to learn one from the names in use, and to mend it.
        </EmptyState>
      ) : (
        <TableFrame label="Conventions, table">
          <table className={table.table} aria-busy={items === undefined}>
            <caption className="sr-only">Conventions</caption>
            <thead>
              <tr>
                <th>Convention</th>
                <th>For</th>
                <th>Fields</th>
                <th data-num>Version</th>
                <th>Changed</th>
                <th aria-label="Action" />
              </tr>
            </thead>
            <tbody>
              {items?.map((item) => <Row key={item.convention_id} item={item} />) ?? (
                <GhostRows rows={2} widths={[160, 96, 280, 24, 80, 72]} />
              )}
            </tbody>
          </table>
        </TableFrame>
      )}
    </Page>
  );
}

function Row({ item }: { item: ConventionEntry }) {
  const { convention } = item;
  return (
    <tr>
      <td>
        <AppLink to={org.convention(item.convention_id)} className={table.name}>
          {convention?.title ?? "Cannot be read"}
        </AppLink>
      </td>
      <td className="quiet">{convention ? scopeWords(convention) : "–"}</td>
      <td className="quiet">
        {convention?.fields.map(({ name }) => name).join(` ${convention.delimiter.trim()} `)}
      </td>
      <td data-num>{item.version}</td>
      <td className="quiet">
        <RelativeTime at={item.changed_at} />
      </td>
      <td>
        <AppLink to={org.buildName(item.convention_id)}>Build a name</AppLink>
      </td>
    </tr>
  );
}

function scopeWords({ level, scope }: NonNullable<ConventionEntry["convention"]>): string {
  const parts = [levelWords(level)];
  if (scope?.advertiser_ids?.length) parts.push(plural(scope.advertiser_ids.length, "advertiser"));
  if (scope?.campaign_ids?.length) parts.push(plural(scope.campaign_ids.length, "campaign"));
  if (scope?.from) parts.push(`from ${scope.from}`);
  if (scope?.to) parts.push(`to ${scope.to}`);
  return parts.join(", ");
}
