// Pacing figures, as the cell computes them; nothing is calculated here.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { cellApi, unwrap } from "./client.ts";
import type { PacingStatus } from "./types.ts";

export type PacingFilter = {
  advertiser?: string | undefined;
  status?: PacingStatus | undefined;
  search?: string | undefined;
  sort?: string | undefined;
};

const PAGE = 200;

export const pacingQuery = (filter: PacingFilter, live: boolean) =>
  infiniteQueryOptions({
    queryKey: ["pacing", "list", filter],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        cellApi.GET("/api/pacing/insertion-orders", {
          params: {
            query: {
              ...(filter.advertiser ? { advertiser_id: filter.advertiser } : {}),
              ...(filter.status ? { status: filter.status } : {}),
              ...(filter.search ? { search: filter.search } : {}),
              ...(filter.sort ? { sort: filter.sort } : {}),
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
