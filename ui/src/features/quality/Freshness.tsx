// How far each advertiser's data reaches, against the day that has to be here by now.
import { Skeleton } from "@mantine/core";
import { IconCircleCheck, IconClockExclamation } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { freshnessQuery } from "../../api/data-quality.ts";
import { pipelinesQuery } from "../../api/pipelines.ts";
import type { FreshnessItem } from "../../api/types.ts";
import { day, daysBetween, plural } from "../../lib/dates.ts";
import { org } from "../../lib/paths.ts";
import { plain } from "../../lib/sentence.ts";
import { AppLink } from "../../ui/AppLink.tsx";
import { Chip } from "../../ui/Chip.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { ErrorState } from "../../ui/States.tsx";
import { TableFrame } from "../../ui/TableFrame.tsx";
import table from "../../ui/table.module.css";
import classes from "./Quality.module.css";

const ON_TIME = { word: "On time", tone: "ok", icon: IconCircleCheck } as const;

export function Freshness() {
  const freshness = useQuery(freshnessQuery);
  const items = freshness.data?.items;
  return (
    <section className={classes.section} aria-labelledby="freshness">
      <div className={classes.head}>
        <h2 id="freshness">
          On time{" "}
          {items && items.length > 0 && (
            <span className="quieter">
              {freshness.data?.met} of {items.length}
            </span>
          )}
        </h2>
      </div>
      {freshness.error && !items ? (
        <ErrorState
          error={freshness.error}
          what="load how fresh the data is"
          onRetry={() => void freshness.refetch()}
        />
      ) : items === undefined ? (
        <Skeleton height={144} radius={8} />
      ) : items.length === 0 ? (
        <p className="quiet">
          Nothing is loaded yet. <AppLink to={org.connections()}>Connections</AppLink>
        </p>
      ) : (
        <FreshnessTable items={items.toSorted(lateFirst)} />
      )}
    </section>
  );
}

function FreshnessTable({ items }: { items: readonly FreshnessItem[] }) {
  const pipelines = useQuery(pipelinesQuery);
  const titles = new Map(pipelines.data?.items.map(({ pipeline, title }) => [pipeline, title]));
  return (
    <TableFrame label="Freshness, table">
      <table className={table.table}>
        <caption className="sr-only">How far each advertiser's data reaches</caption>
        <thead>
          <tr>
            <th>Advertiser</th>
            <th>Data</th>
            <th>State</th>
            <th>Complete through</th>
            <th>Due through</th>
            <th>Certified through</th>
            <th>Read</th>
            <th>Time zone</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={`${item.dataset} ${item.dsp} ${item.advertiser_id}`}>
              <td className={classes.who}>
                <AppLink to={calendarOf(item)} className={table.name} title={item.name}>
                  {item.name}
                </AppLink>
              </td>
              <td className="quiet">{titles.get(item.dataset) ?? plain(item.dataset)}</td>
              <td>
                <Chip status={item.met ? ON_TIME : lateBy(item)} />
              </td>
              <td className="num">{day(item.through)}</td>
              <td
                className="num quiet"
                title={`${plural(item.target_hours, "hour")} after its end`}
              >
                {day(item.due_through)}
              </td>
              <td className="num quiet">{day(item.certified_through)}</td>
              <td className="quiet">
                {item.loaded_at ? <RelativeTime at={item.loaded_at} /> : "–"}
              </td>
              <td className="quiet">{item.time_zone ?? "Not known"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function lateBy({ through, due_through: due }: FreshnessItem) {
  const word = `${plural(daysBetween(through, due), "day")} late`;
  return { word, tone: "attention", icon: IconClockExclamation } as const;
}

function calendarOf({ dataset, advertiser_id: advertiser }: FreshnessItem): string {
  return org.calendar({ dataset, search: advertiser });
}

/** Late ones first, the latest of them on top. */
function lateFirst(a: FreshnessItem, b: FreshnessItem): number {
  return (
    Number(a.met) - Number(b.met) ||
    (a.met ? 0 : a.through.localeCompare(b.through)) ||
    a.name.localeCompare(b.name)
  );
}
