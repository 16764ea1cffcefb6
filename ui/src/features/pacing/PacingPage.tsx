// Every insertion order against its plan. What is wrong comes first: the budget most at risk.
import { Button } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import { connectionsQuery } from "../../api/connections.ts";
import { pacingQuery } from "../../api/pacing.ts";
import { isRunning, syncsQuery } from "../../api/syncs.ts";
import type { PacingLevel, PacingList } from "../../api/types.ts";
import { day, plural } from "../../lib/dates.ts";
import { org } from "../../lib/paths.ts";
import type { Search } from "../../lib/search.ts";
import { useGo } from "../../ui/AppLink.tsx";
import { Page } from "../../ui/Page.tsx";
import { EmptyState, ErrorState } from "../../ui/States.tsx";
import { FirstUse } from "./FirstUse.tsx";
import { LevelTabs } from "./LevelTabs.tsx";
import { wordsOf } from "./levels.ts";
import { PacingNotices } from "./PacingNotices.tsx";
import { PacingTable, PacingTableSkeleton } from "./PacingTable.tsx";
import { PacingToolbar } from "./PacingToolbar.tsx";
import { DEFAULT_SORT, isFiltered, type PacingSearch, parsePacingSearch } from "./search.ts";
import { Totals } from "./Totals.tsx";

export function PacingPage() {
  const go = useGo();
  const [search, setSearch] = usePacingSearch();
  const syncs = useQuery(syncsQuery());
  const connections = useQuery(connectionsQuery);
  const running = syncs.data?.items.find(isRunning);
  const { hide: _hide, ...filter } = search;
  const pacing = useInfiniteQuery({
    ...pacingQuery({ ...filter, sort: filter.sort ?? DEFAULT_SORT }, running !== undefined),
    placeholderData: keepPreviousData,
  });
  const [first] = pacing.data?.pages ?? [];
  const rows = pacing.data?.pages.flatMap((page) => page.items);
  const unused = rows?.length === 0 && !isFiltered(search) && connections.data?.items.length === 0;

  if (unused) return <FirstUse />;
  return (
    <Page
      fill
      title="Pacing"
      context={first && <Reach asOf={first.as_of} what={wordsOf(search.level).many} />}
    >
      <PacingNotices running={running} connections={connections.data?.items} asOf={first?.as_of} />
      <LevelTabs search={search} />
      {first && <Totals totals={first.totals} what={wordsOf(search.level).many} />}
      <PacingToolbar
        search={search}
        onChange={setSearch}
        advertisers={first?.as_of.advertisers ?? []}
        rows={rows ?? []}
      />
      {pacing.error && !rows ? (
        <ErrorState error={pacing.error} what="load pacing" onRetry={() => void pacing.refetch()} />
      ) : rows === undefined ? (
        <PacingTableSkeleton />
      ) : rows.length === 0 ? (
        <NoRows
          filtered={isFiltered(search)}
          level={search.level}
          running={running !== undefined}
          onClear={() => go(org.pacing(search.level ? { level: search.level } : {}))}
        />
      ) : (
        <PacingTable
          rows={rows}
          search={search}
          onChange={setSearch}
          dimmed={pacing.isPlaceholderData}
          more={
            pacing.hasNextPage && (
              <Button
                variant="default"
                loading={pacing.isFetchingNextPage}
                onClick={() => void pacing.fetchNextPage()}
              >
                Show more
              </Button>
            )
          }
        />
      )}
    </Page>
  );
}

function usePacingSearch() {
  const raw: Search = useSearch({ strict: false });
  const navigate = useNavigate();
  const search = parsePacingSearch(raw);
  const setSearch = useCallback(
    (change: { [K in keyof PacingSearch]?: PacingSearch[K] | undefined }) => {
      void navigate({
        to: ".",
        search: (now: Search) => parsePacingSearch({ ...now, ...change } as Search),
        replace: "search" in change,
      });
    },
    [navigate],
  );
  return [search, setSearch] as const;
}

function Reach({ asOf, what }: { asOf: PacingList["as_of"]; what: string }) {
  if (asOf.through == null) return `${what} against their budgets.`;
  return (
    <>
      {what} against their budgets. Complete days through {day(asOf.through)}, in each advertiser's
      time zone
      {asOf.provisional_days > 0 && (
        <>; the last {plural(asOf.provisional_days, "day")} provisional</>
      )}
      .
    </>
  );
}

type NoRowsProps = {
  filtered: boolean;
  level: PacingLevel | undefined;
  running: boolean;
  onClear: () => void;
};

function NoRows({ filtered, level, running, onClear }: NoRowsProps) {
  const what = wordsOf(level).many.toLowerCase();
  if (filtered) {
    return (
      <EmptyState
        title={`No ${what} match`}
        action={
          <Button variant="default" onClick={onClear}>
            Clear filter
          </Button>
        }
      >
        Nothing fits this filter and search.
      </EmptyState>
    );
  }
  if (level === "portfolio") {
    return (
      <EmptyState title="No portfolios yet">
        A portfolio puts orders together that belong together for you. Filter the insertion orders,
        then keep them as a portfolio under “Views and portfolios”.
      </EmptyState>
    );
  }
  return (
    <EmptyState title={running ? "The first rows are on their way" : `No ${what} yet`}>
      {running
        ? "Rows appear here by themselves as soon as the first advertiser is in."
        : "The chosen advertisers have no insertion order with delivery or budget in the last 90 days."}
    </EmptyState>
  );
}
