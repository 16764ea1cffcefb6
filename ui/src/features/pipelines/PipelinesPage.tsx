// Every pipeline of the org: what it gives, where from, and whether it runs.
import { Button } from "@mantine/core";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { pipelinesQuery } from "../../api/pipelines.ts";
import { sessionQuery } from "../../api/session.ts";
import type { PipelineItem } from "../../api/types.ts";
import { org } from "../../lib/paths.ts";
import { can } from "../../lib/permissions.ts";
import { AppLink, useGo } from "../../ui/AppLink.tsx";
import { Chip } from "../../ui/Chip.tsx";
import { GhostRows } from "../../ui/GhostRows.tsx";
import { Page } from "../../ui/Page.tsx";
import { EmptyState, ErrorState } from "../../ui/States.tsx";
import { TableFrame } from "../../ui/TableFrame.tsx";
import table from "../../ui/table.module.css";
import classes from "./PipelinesPage.module.css";
import { pipelineStatus } from "./status.ts";
import { datasetWords, sourceName } from "./words.ts";

export function PipelinesPage() {
  const go = useGo();
  const { data: session } = useSuspenseQuery(sessionQuery);
  const pipelines = useQuery(pipelinesQuery);
  const items = pipelines.data?.items;
  return (
    <Page
      title="Pipelines"
      context="What is asked of each source, how it is read, and where it goes."
      actions={
        can(session.role, "manage pipelines") && (
          <Button variant="default" onClick={() => go(org.newPipeline())}>
            Describe a file
          </Button>
        )
      }
    >
      {pipelines.error ? (
        <ErrorState
          error={pipelines.error}
          what="load the pipelines"
          onRetry={() => void pipelines.refetch()}
        />
      ) : items?.length === 0 ? (
        <EmptyState title="No pipelines yet">
          They come with the product and appear here once this organisation is set up.
        </EmptyState>
      ) : (
        <PipelineTable items={items} />
      )}
    </Page>
  );
}

function PipelineTable({ items }: { items: readonly PipelineItem[] | undefined }) {
  return (
    <TableFrame label="Pipelines, table">
      <table className={table.table} aria-busy={items === undefined}>
        <caption className="sr-only">Pipelines</caption>
        <thead>
          <tr>
            <th>Pipeline</th>
            <th>State</th>
            <th>Gives</th>
            <th>From</th>
            <th>Version</th>
            <th data-num>Problems</th>
          </tr>
        </thead>
        <tbody>
          {items?.map((item) => <Row key={item.pipeline} item={item} />) ?? (
            <GhostRows rows={3} widths={[160, 72, 168, 120, 80, 24]} />
          )}
        </tbody>
      </table>
    </TableFrame>
  );
}

function Row({ item }: { item: PipelineItem }) {
  return (
    <tr>
      <td>
        <AppLink to={org.pipeline(item.pipeline)} className={table.name}>
          {item.title}
        </AppLink>
        <span className={classes.id}>{item.pipeline}</span>
      </td>
      <td>
        <Chip status={pipelineStatus(item.enabled, item.dataset != null)} />
      </td>
      <td className="quiet">{item.dataset ? datasetWords(item.dataset) : "–"}</td>
      <td className="quiet">{item.connector ? sourceName(item.connector) : "–"}</td>
      <td className="quiet num">{versionWords(item)}</td>
      <td data-num className={item.problems > 0 ? classes.problems : "quieter"}>
        {item.problems > 0 ? item.problems : "–"}
      </td>
    </tr>
  );
}

/** What is shipped, and whether the org changed it. */
function versionWords({ built_in_version: shipped, changed, layer_version }: PipelineItem): string {
  if (shipped == null) return `Your own, version ${layer_version}`;
  return changed ? `${shipped}, with your changes` : `${shipped}, as shipped`;
}
