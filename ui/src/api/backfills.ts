// Reading days again: what it would take, starting it, following and ending it.
import { queryOptions } from "@tanstack/react-query";
import { newKey } from "../lib/idempotency.ts";
import { cellApi, idempotent, unwrap } from "./client.ts";

export const backfillsQuery = queryOptions({
  queryKey: ["backfills"],
  queryFn: ({ signal }) => unwrap(cellApi.GET("/api/backfills", { signal })),
  refetchOnMount: "always",
  refetchInterval: (query) => (query.state.data?.items.some(isUnderWay) ? 5_000 : false),
});

export const backfillQuery = (id: string) =>
  queryOptions({
    queryKey: ["backfills", id],
    queryFn: ({ signal }) =>
      unwrap(
        cellApi.GET("/api/backfills/{backfill_id}", {
          params: { path: { backfill_id: id } },
          signal,
        }),
      ),
    refetchInterval: (query) => {
      const backfill = query.state.data;
      return backfill === undefined || isUnderWay(backfill) ? 2_000 : false;
    },
  });

export function isUnderWay({ state }: { state: string }): boolean {
  return !["done", "cancelled", "failed"].includes(state);
}

export type Wish = { connection_id: string; pipeline: string; start: string; end: string };

const FORECAST_STALE_MS = 5 * 60_000;

/** A forecast changes nothing, so it is asked like any other question; it holds for a while. */
export const forecastQuery = (wish: Wish) =>
  queryOptions({
    queryKey: ["backfills", "forecast", wish],
    queryFn: ({ signal }) =>
      unwrap(
        cellApi.POST("/api/backfills/forecast", {
          params: { header: idempotent(newKey()) },
          body: wish,
          signal,
        }),
      ),
    staleTime: FORECAST_STALE_MS,
    refetchInterval: FORECAST_STALE_MS,
  });

export const startBackfill = (forecastId: string, key: string) =>
  unwrap(
    cellApi.POST("/api/backfills", {
      params: { header: idempotent(key) },
      body: { forecast_id: forecastId },
    }),
  );

export const cancelBackfill = (id: string, key: string) =>
  unwrap(
    cellApi.POST("/api/backfills/{backfill_id}/cancel", {
      params: { path: { backfill_id: id }, header: idempotent(key) },
    }),
  );
