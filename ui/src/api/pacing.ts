// Pacing figures, as the cell computes them; nothing is calculated here.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { stringifySearch } from "../lib/search.ts";
import { cellApi, idempotent, unwrap } from "./client.ts";
import type { PacingLevel, PacingSaved, PacingStatus } from "./types.ts";

export type PacingFilter = {
  level?: PacingLevel | undefined;
  advertiser?: string | undefined;
  campaign?: string | undefined;
  portfolio?: string | undefined;
  status?: PacingStatus | undefined;
  search?: string | undefined;
  sort?: string | undefined;
};

const PAGE = 200;

const LISTS = {
  insertion_order: "/api/pacing/insertion-orders",
  line_item: "/api/pacing/line-items",
  campaign: "/api/pacing/campaigns",
  advertiser: "/api/pacing/advertisers",
  portfolio: "/api/pacing/portfolios",
} as const;
type Lists = typeof LISTS;

function asked(filter: PacingFilter) {
  return {
    ...(filter.advertiser ? { advertiser_id: filter.advertiser } : {}),
    ...(filter.campaign ? { campaign_id: filter.campaign } : {}),
    ...(filter.portfolio ? { portfolio_id: filter.portfolio } : {}),
    ...(filter.status ? { status: filter.status } : {}),
    ...(filter.search ? { search: filter.search } : {}),
    ...(filter.sort ? { sort: filter.sort } : {}),
  };
}

/** All rows of the list as a file, not only those that are shown. */
export function exportPath(filter: PacingFilter, format: "csv" | "ndjson"): string {
  const level = filter.level ?? "insertion_order";
  return `/api/pacing/export${stringifySearch({ level, format, ...asked(filter) })}`;
}

export const pacingQuery = (filter: PacingFilter, live: boolean) =>
  infiniteQueryOptions({
    queryKey: ["pacing", "list", filter],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        // The lists differ in nothing but their address.
        cellApi.GET(LISTS[filter.level ?? "insertion_order"] as Lists["insertion_order"], {
          params: {
            query: {
              ...asked(filter),
              ...(pageParam ? { cursor: pageParam } : {}),
              limit: PAGE,
            },
          },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    // While a backfill runs, rows appear as they arrive.
    refetchInterval: live ? 3_000 : false,
    refetchOnMount: "always",
  });

export const orderQuery = (id: string) =>
  queryOptions({
    queryKey: ["pacing", "order", id],
    queryFn: ({ signal }) =>
      unwrap(
        cellApi.GET("/api/pacing/insertion-orders/{insertion_order_id}", {
          params: { path: { insertion_order_id: id } },
          signal,
        }),
      ),
  });

export type WhatIf = {
  budget_micros?: number;
  end_date?: string;
  per_day_micros?: number;
};

export const whatIfQuery = (id: string, wish: WhatIf) =>
  queryOptions({
    queryKey: ["pacing", "what-if", id, wish],
    queryFn: ({ signal }) =>
      unwrap(
        cellApi.GET("/api/pacing/insertion-orders/{insertion_order_id}/what-if", {
          params: { path: { insertion_order_id: id }, query: wish },
          signal,
        }),
      ),
    retry: false,
  });

export const savedQuery = queryOptions({
  queryKey: ["pacing", "saved"],
  queryFn: ({ signal }) => unwrap(cellApi.GET("/api/pacing/saved", { signal })),
});

export type NewSaved = Pick<PacingSaved, "name"> & Partial<Pick<PacingSaved, "view" | "portfolio">>;

export const save = (body: NewSaved, key: string) =>
  unwrap(cellApi.POST("/api/pacing/saved", { params: { header: idempotent(key) }, body }));

export const removeSaved = ({ saved_id, version }: PacingSaved, key: string) =>
  unwrap(
    cellApi.DELETE("/api/pacing/saved/{saved_id}", {
      params: {
        path: { saved_id },
        query: { expected_version: version },
        header: idempotent(key),
      },
    }),
  );
