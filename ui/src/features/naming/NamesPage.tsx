// Names with what is wrong with each and what was probably meant. Nothing is changed at the source.
import { Button } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { ApiError } from "../../api/errors.ts";
import { complianceQuery, exportUrl, namesQuery } from "../../api/naming.ts";
import type { NamesSearch } from "../../lib/paths.ts";
import type { Search } from "../../lib/search.ts";
import { Page } from "../../ui/Page.tsx";
import { ShowMore } from "../../ui/ShowMore.tsx";
import { EmptyState, ErrorState } from "../../ui/States.tsx";
import { TableFrame } from "../../ui/TableFrame.tsx";
import { NamesTable } from "./NamesTable.tsx";
import { NamesToolbar } from "./NamesToolbar.tsx";
import { Off } from "./Off.tsx";
import { Tabs } from "./Tabs.tsx";

const PARTS = ["level", "advertiser", "state", "field", "code", "search"] as const;

export function NamesPage() {
  const search: Search = useSearch({ strict: false });
  const filter = Object.fromEntries(PARTS.map((part) => [part, search[part]])) as {
    [K in keyof NamesSearch]?: string | undefined;
  };
  const navigate = useNavigate();
  const change = (changed: NamesSearch) =>
    void navigate({
      to: ".",
      search: (now: Search) => {
        const next = Object.entries({ ...now, ...changed }).filter(([, value]) => value !== "");
        return Object.fromEntries(next) as Search;
      },
    });
  const names = useInfiniteQuery({ ...namesQuery(filter), placeholderData: keepPreviousData });
  const compliance = useQuery(complianceQuery(undefined));
  const items = names.data?.pages.flatMap((page) => page.items);
  const off = names.error instanceof ApiError && names.error.code === "module_off";
  const clear = () => change(Object.fromEntries(PARTS.map((part) => [part, ""])));
  return (
    <Page
      title="Names"
      context="What is wrong with each name, and what was probably meant. Nothing is changed at the source."
      actions={
        <Button component="a" href={exportUrl(filter)} download="names.csv" variant="default">
          Export CSV
        </Button>
      }
    >
      <Tabs current="names" />
      {off ? (
        <Off />
      ) : (
        <>
          <NamesToolbar
            filter={filter}
            onChange={change}
            advertisers={compliance.data?.advertisers ?? []}
          />
          {names.error && !items ? (
            <ErrorState
              error={names.error}
              what="load the names"
              onRetry={() => void names.refetch()}
            />
          ) : items?.length === 0 ? (
            <EmptyState
              title={filter.state === undefined ? "No name is wrong" : "No name matches"}
              action={
                <Button variant="default" onClick={clear}>
                  Clear filter
                </Button>
              }
            >
              Nothing fits this filter.
            </EmptyState>
          ) : (
            <TableFrame label="Names, table">
              <NamesTable items={items} />
              <ShowMore of={names} />
            </TableFrame>
          )}
        </>
      )}
    </Page>
  );
}
