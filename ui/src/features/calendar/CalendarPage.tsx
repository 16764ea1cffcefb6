// What is known of each advertiser's days, at a glance; a day opens to say what can be done.
import { Button, Skeleton } from "@mantine/core";
import { keepPreviousData, useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { calendarQuery } from "../../api/data-quality.ts";
import { pipelinesQuery } from "../../api/pipelines.ts";
import { sessionQuery } from "../../api/session.ts";
import type { CalendarDay, CalendarRow, PipelineItem } from "../../api/types.ts";
import { daysFrom, type Run } from "../../lib/day-runs.ts";
import { type CalendarSearch, org } from "../../lib/paths.ts";
import { can } from "../../lib/permissions.ts";
import type { Search } from "../../lib/search.ts";
import { AppLink, useGo } from "../../ui/AppLink.tsx";
import { Page } from "../../ui/Page.tsx";
import { EmptyState, ErrorState } from "../../ui/States.tsx";
import { CalendarToolbar } from "./CalendarToolbar.tsx";
import { DayActions } from "./DayActions.tsx";
import { DayPanel } from "./DayPanel.tsx";
import { DEFAULT_DATASET, datasetsOf } from "./datasets.ts";
import { GapsTable } from "./GapsTable.tsx";
import { HeatMap } from "./HeatMap.tsx";
import { HeatMapKey } from "./HeatMapKey.tsx";
import { shownDays } from "./search.ts";

export function CalendarPage() {
  const search: Search = useSearch({ strict: false });
  const change = useChange();
  const { data: session } = useSuspenseQuery(sessionQuery);
  const pipelines = useQuery(pipelinesQuery);
  const datasets = datasetsOf(pipelines.data?.items ?? []);
  const dataset = search.dataset ?? DEFAULT_DATASET;
  const shown = shownDays(search);
  const calendar = useQuery({
    ...calendarQuery({ dataset, from: shown.from, to: shown.to }),
    placeholderData: keepPreviousData,
  });
  const all = calendar.data?.advertisers;
  const text = search.search?.toLocaleLowerCase() ?? "";
  const rows = all?.filter(
    (row) => row.name.toLocaleLowerCase().includes(text) || row.advertiser_id === text,
  );
  const open = rows?.find((row) => row.advertiser_id === search.advertiser);
  const pipeline = datasets.find(({ value }) => value === dataset)?.pipeline;
  const delivered = deliveredBy(pipelines.data?.items ?? []);
  const mayBackfill = (row: CalendarRow | undefined) =>
    can(session.role, "start sync") && !delivered.has(row?.dsp ?? "");
  const backfill = (run: { start: string; end: string }) =>
    org.newBackfill({ start: run.start, end: run.end, ...(pipeline ? { pipeline } : {}) });

  return (
    <Page
      title="Calendar"
      context="Each advertiser's days, in its own time zone, by what has been read of them."
    >
      <CalendarToolbar search={search} shown={shown} datasets={datasets} onChange={change} />
      {calendar.error && !all ? (
        <ErrorState
          error={calendar.error}
          what="load the calendar"
          onRetry={() => void calendar.refetch()}
        />
      ) : rows === undefined ? (
        <CalendarSkeleton />
      ) : rows.length === 0 ? (
        <Nothing filtered={text !== ""} onClear={() => change({ search: "" })} />
      ) : (
        <>
          <HeatMapKey rows={rows} />
          <HeatMap
            rows={rows}
            dates={daysFrom(shown.from, shown.to)}
            selected={
              search.advertiser && search.date
                ? { advertiser: search.advertiser, date: search.date }
                : undefined
            }
            onOpen={(advertiser, date) => change({ advertiser, date })}
          />
          <GapsTable
            rows={rows}
            action={({ row, run }: { row: CalendarRow; run: Run<CalendarDay> }) =>
              run.state === "quarantined" ? (
                <AppLink to={fileOf(run.days.at(-1)?.sync_id)}>See the file</AppLink>
              ) : delivered.has(row.dsp) ? (
                <AppLink to={org.connections()}>Deliver them</AppLink>
              ) : mayBackfill(row) ? (
                <AppLink to={backfill(run)}>Backfill</AppLink>
              ) : (
                <AppLink to={org.calendar({ advertiser: row.advertiser_id, date: run.end })}>
                  Open
                </AppLink>
              )
            }
          />
        </>
      )}
      <DayPanel
        row={open}
        date={search.date}
        onClose={() => change({ advertiser: "", date: "" }, true)}
        actions={(day, run) => (
          <DayActions day={day} run={run} backfill={mayBackfill(open) ? backfill : undefined} />
        )}
      />
    </Page>
  );
}

/** Platforms that nobody can be asked for: their days come as files. */
function deliveredBy(pipelines: readonly PipelineItem[]): ReadonlySet<string> {
  const files = pipelines.filter(({ connector }) => connector === "file_drop");
  return new Set(files.map(({ dsp }) => dsp ?? ""));
}

/** The file that holds a day up, or where all such files are. */
function fileOf(syncId: string | null | undefined): string {
  return syncId ? org.quarantined(syncId) : org.quarantine();
}

/** Changes a part of the address; an empty value leaves it. */
function useChange() {
  const navigate = useNavigate();
  return (change: CalendarSearch, replace = false) => {
    void navigate({
      to: ".",
      search: (now: Search) => {
        const next = Object.entries({ ...now, ...change }).filter(([, value]) => value !== "");
        return Object.fromEntries(next) as Search;
      },
      replace: replace || "search" in change,
    });
  };
}

function Nothing({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  const go = useGo();
  return filtered ? (
    <EmptyState
      title="No advertiser matches"
      action={
        <Button variant="default" onClick={onClear}>
          Clear filter
        </Button>
      }
    >
      Nothing fits this search.
    </EmptyState>
  ) : (
    <EmptyState
      title="No days yet"
      action={<Button onClick={() => go(org.connections())}>Connections</Button>}
    >
      When a source is connected and its advertisers are chosen, each of their days appears here:
      read, provisional, missing or late.
    </EmptyState>
  );
}

function CalendarSkeleton() {
  return (
    <div className="stack" aria-busy="true">
      <Skeleton height={18} width={480} />
      <Skeleton height={220} radius={8} />
    </div>
  );
}
