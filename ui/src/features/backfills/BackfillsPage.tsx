// Every backfill that was started here, newest first.
import { Button } from "@mantine/core";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { backfillsQuery } from "../../api/backfills.ts";
import { sessionQuery } from "../../api/session.ts";
import type { Backfill } from "../../api/types.ts";
import { dayRange } from "../../lib/dates.ts";
import { count } from "../../lib/money.ts";
import { org } from "../../lib/paths.ts";
import { can } from "../../lib/permissions.ts";
import { AppLink, useGo } from "../../ui/AppLink.tsx";
import { Chip } from "../../ui/Chip.tsx";
import { GhostRows } from "../../ui/GhostRows.tsx";
import { Page } from "../../ui/Page.tsx";
import { PipelineLink } from "../../ui/PipelineLink.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { EmptyState, ErrorState } from "../../ui/States.tsx";
import { TableFrame } from "../../ui/TableFrame.tsx";
import table from "../../ui/table.module.css";
import { backfillStatus, doneOf } from "./states.ts";

export function BackfillsPage() {
  const go = useGo();
  const { data: session } = useSuspenseQuery(sessionQuery);
  const backfills = useQuery(backfillsQuery);
  const items = backfills.data?.items;
  const begin = can(session.role, "start sync") && (
    <Button onClick={() => go(org.newBackfill())}>New backfill</Button>
  );
  return (
    <Page
      title="Backfills"
      context="Ranges of days that were read on demand, with what they took."
      actions={items?.length ? begin : null}
    >
      {backfills.error ? (
        <ErrorState
          error={backfills.error}
          what="load the backfills"
          onRetry={() => void backfills.refetch()}
        />
      ) : items?.length === 0 ? (
        <EmptyState title="No backfill yet" action={begin}>
          A backfill reads any range of days, in parts, within the day's budget. You see what it
          takes before it starts.
        </EmptyState>
      ) : (
        <TableFrame label="Backfills, table">
          <table className={table.table} aria-busy={items === undefined}>
            <caption className="sr-only">Backfills, newest first</caption>
            <thead>
              <tr>
                <th>Days</th>
                <th>State</th>
                <th>Pipeline</th>
                <th data-num>Parts</th>
                <th data-num>Rows</th>
                <th>Started</th>
              </tr>
            </thead>
            <tbody>
              {items?.map((item) => <Row key={item.backfill_id} item={item} />) ?? (
                <GhostRows rows={2} widths={[120, 76, 140, 40, 56, 72]} />
              )}
            </tbody>
          </table>
        </TableFrame>
      )}
    </Page>
  );
}

function Row({ item }: { item: Backfill }) {
  return (
    <tr>
      <td>
        <AppLink to={org.backfill(item.backfill_id)} className={`${table.name} num`}>
          {dayRange(item.start, item.end)}
        </AppLink>
      </td>
      <td>
        <Chip status={backfillStatus(item.state)} />
      </td>
      <td>
        <PipelineLink pipeline={item.pipeline} className="quiet" />
      </td>
      <td data-num>
        {doneOf(item)} / {item.windows.length}
      </td>
      <td data-num>{count(item.rows_loaded)}</td>
      <td className="quiet">
        <RelativeTime at={item.created_at} />
      </td>
    </tr>
  );
}
