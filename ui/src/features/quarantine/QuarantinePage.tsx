// Files that were kept aside instead of loaded, and why.
import { useInfiniteQuery } from "@tanstack/react-query";
import { quarantineQuery } from "../../api/quarantine.ts";
import type { QuarantineItem } from "../../api/types.ts";
import { someDays } from "../../lib/dates.ts";
import { count } from "../../lib/money.ts";
import { org } from "../../lib/paths.ts";
import { sentence } from "../../lib/sentence.ts";
import { AppLink } from "../../ui/AppLink.tsx";
import { Chip } from "../../ui/Chip.tsx";
import { GhostRows } from "../../ui/GhostRows.tsx";
import { Page } from "../../ui/Page.tsx";
import { PipelineLink } from "../../ui/PipelineLink.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { ShowMore } from "../../ui/ShowMore.tsx";
import { EmptyState, ErrorState } from "../../ui/States.tsx";
import { TableFrame } from "../../ui/TableFrame.tsx";
import table from "../../ui/table.module.css";
import classes from "./QuarantinePage.module.css";
import { FILE_STATES } from "./states.ts";

export function QuarantinePage() {
  const quarantine = useInfiniteQuery(quarantineQuery);
  const items = quarantine.data?.pages.flatMap((page) => page.items);
  return (
    <Page
      title="Quarantine"
      context="Files that are not what their pipeline expects. They are kept, and nothing of them is loaded."
    >
      {quarantine.error && !items ? (
        <ErrorState
          error={quarantine.error}
          what="load the quarantine"
          onRetry={() => void quarantine.refetch()}
        />
      ) : items?.length === 0 ? (
        <EmptyState title="Nothing is in quarantine">
          Every file so far was whole and as expected. When one is not, it waits here with the
          reason and the line, until it is replayed.
        </EmptyState>
      ) : (
        <TableFrame label="Quarantine, table">
          <table className={table.table} aria-busy={items === undefined}>
            <caption className="sr-only">Files in quarantine, newest first</caption>
            <thead>
              <tr>
                <th>Reason</th>
                <th>State</th>
                <th>Pipeline</th>
                <th data-num>Line</th>
                <th>Days</th>
                <th>Since</th>
              </tr>
            </thead>
            <tbody>
              {items?.map((item) => <Row key={item.sync_id} item={item} />) ?? (
                <GhostRows rows={2} widths={[280, 76, 140, 32, 120, 72]} />
              )}
            </tbody>
          </table>
          <ShowMore of={quarantine} />
        </TableFrame>
      )}
    </Page>
  );
}

function Row({ item }: { item: QuarantineItem }) {
  return (
    <tr>
      <td className={classes.reason}>
        <AppLink to={org.quarantined(item.sync_id)} className={table.name}>
          {sentence(item.message)}
        </AppLink>
      </td>
      <td>
        <Chip status={FILE_STATES[item.state]} />
      </td>
      <td>
        <PipelineLink pipeline={item.pipeline} className="quiet" />
      </td>
      <td data-num>{count(item.line)}</td>
      <td className="quiet num">{someDays(item.range)}</td>
      <td className="quiet">
        <RelativeTime at={item.created_at} />
      </td>
    </tr>
  );
}
