// Syncs: the list, one of them live, what it did, starting one and ending one.
import {
  infiniteQueryOptions,
  queryOptions,
  experimental_streamedQuery as streamedQuery,
} from "@tanstack/react-query";
import { cellApi, idempotent, unwrap } from "./client.ts";
import { watchSync } from "./sync-events.ts";
import type { Sync } from "./types.ts";

const OVER: readonly string[] = ["done", "failed", "quarantined", "cancelled"];

export function isRunning(sync: Pick<Sync, "state">): boolean {
  return !OVER.includes(sync.state);
}

export const syncsQuery = (connectionId?: string) =>
  queryOptions({
    queryKey: ["syncs", "list", connectionId ?? "all"],
    queryFn: ({ signal }) =>
      unwrap(
        cellApi.GET("/api/syncs", {
          params: { query: connectionId ? { connection_id: connectionId } : {} },
          signal,
        }),
      ),
    // While something runs the list is alive; otherwise it rests.
    refetchInterval: (query) => (query.state.data?.items.some(isRunning) ? 3_000 : false),
  });

export type SyncFilter = {
  connection?: string | undefined;
  pipeline?: string | undefined;
  state?: string | undefined;
};

const PAGE = 50;

export const syncPagesQuery = (filter: SyncFilter) =>
  infiniteQueryOptions({
    queryKey: ["syncs", "list", "pages", filter],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        cellApi.GET("/api/syncs", {
          params: {
            query: {
              ...(filter.connection ? { connection_id: filter.connection } : {}),
              ...(filter.pipeline ? { pipeline: filter.pipeline } : {}),
              ...(filter.state ? { state: filter.state } : {}),
              ...(pageParam ? { cursor: pageParam } : {}),
              limit: PAGE,
            },
          },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
    refetchOnMount: "always",
    refetchInterval: (query) =>
      query.state.data?.pages.some((page) => page.items.some(isRunning)) ? 3_000 : false,
  });

const fetchSync = (id: string, signal: AbortSignal) =>
  unwrap(cellApi.GET("/api/syncs/{sync_id}", { params: { path: { sync_id: id } }, signal }));

/** One sync, kept up to date by server-sent events until it ends. */
export const liveSyncQuery = (id: string) =>
  queryOptions({
    queryKey: ["syncs", "live", id],
    queryFn: streamedQuery<Sync, Sync | null>({
      streamFn: ({ signal }) =>
        watchSync<Sync>({
          url: `/api/syncs/${encodeURIComponent(id)}/events`,
          fetchNow: () => fetchSync(id, signal),
          isRunning,
          signal,
        }),
      refetchMode: "append",
      reducer: (_previous, next) => next,
      initialValue: null,
    }),
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });

/** The steps that are over; events do not carry them, so they are asked for as the state moves. */
export const timelineQuery = (id: string, state: string | undefined) =>
  queryOptions({
    queryKey: ["syncs", "timeline", id, state],
    queryFn: ({ signal }) => fetchSync(id, signal),
    enabled: state !== undefined,
    select: (sync) => sync.timeline,
  });

export const startSync = (connectionId: string, key: string) =>
  unwrap(
    cellApi.POST("/api/syncs", {
      params: { header: idempotent(key) },
      body: { connection_id: connectionId },
    }),
  );

export const cancelSync = (id: string, key: string) =>
  unwrap(
    cellApi.POST("/api/syncs/{sync_id}/cancel", {
      params: { path: { sync_id: id }, header: idempotent(key) },
    }),
  );
