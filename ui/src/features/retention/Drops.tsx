// What runs have dropped. A run that found nothing to drop is no entry.
import { Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { dropsQuery } from "../../api/retention.ts";
import type { RetentionDrop } from "../../api/types.ts";
import { bytes } from "../../lib/bytes.ts";
import { count } from "../../lib/money.ts";
import { PipelineLink } from "../../ui/PipelineLink.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { Section } from "../../ui/Section.tsx";
import { ShowMore } from "../../ui/ShowMore.tsx";
import { ErrorState } from "../../ui/States.tsx";
import { TableFrame } from "../../ui/TableFrame.tsx";
import table from "../../ui/table.module.css";
import classes from "./Retention.module.css";

export function Drops() {
  const drops = useInfiniteQuery(dropsQuery);
  const items = drops.data?.pages.flatMap((page) => page.items);
  return (
    <Section
      title="Dropped"
      context="The bytes of a file go a day after it has expired; its entry stays, so that figures still say where they came from."
    >
      {drops.error && !items ? (
        <ErrorState
          error={drops.error}
          what="load what was dropped"
          onRetry={() => void drops.refetch()}
        />
      ) : items === undefined ? (
        <Skeleton height={72} radius={8} />
      ) : items.length === 0 ? (
        <p className="quiet">Nothing has been dropped so far.</p>
      ) : (
        <TableFrame label="What was dropped, table">
          <table className={table.table}>
            <caption className="sr-only">What was dropped, newest first</caption>
            <thead>
              <tr>
                <th>When</th>
                <th>Pipeline</th>
                <th data-num>Advertiser days</th>
                <th data-num>Rows</th>
                <th data-num>Files</th>
                <th data-num>Size</th>
              </tr>
            </thead>
            <tbody>
              {items.map((item) => (
                <Row key={`${item.dropped_at} ${item.pipeline}`} item={item} />
              ))}
            </tbody>
          </table>
          <ShowMore of={drops} />
        </TableFrame>
      )}
    </Section>
  );
}

function Row({ item }: { item: RetentionDrop }) {
  return (
    <tr>
      <td>
        <RelativeTime at={item.dropped_at} />
      </td>
      <td className={classes.who}>
        <PipelineLink pipeline={item.pipeline} className={table.name} />
      </td>
      <td data-num>{figure(item.days)}</td>
      <td data-num>{figure(item.rows)}</td>
      <td data-num>{figure(item.files)}</td>
      <td data-num>{item.bytes === 0 ? "–" : bytes(item.bytes)}</td>
    </tr>
  );
}

const figure = (value: number) => (value === 0 ? "–" : count(value));
