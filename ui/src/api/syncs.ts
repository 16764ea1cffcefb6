// Syncs: the list, one of them live, and starting one.
import { queryOptions, experimental_streamedQuery as streamedQuery } from "@tanstack/react-query";
import { cellApi, idempotent, unwrap } from "./client.ts";
import { watchSync } from "./sync-events.ts";
import type { Sync } from "./types.ts";

export function isRunning(sync: Pick<Sync, "state">): boolean {
  return sync.state !== "done" && sync.state !== "failed" && sync.state !== "quarantined";
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

const fetchSync = (id: string, signal: AbortSignal) =>
  unwrap(cellApi.GET("/api/syncs/{sync_id}", { params: { path: { sync_id: id } }, signal }));

/** One sync, kept up to date by server-sent events until it ends. */
export const liveSyncQuery = (id: string) =>
  queryOptions({
    queryKey: ["syncs", "live", id],
    queryFn: streamedQuery<Sync, Sync | null>({
      streamFn: ({ signal }) =>
        watchSync({
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

export const startSync = (connectionId: string, key: string) =>
  unwrap(
    cellApi.POST("/api/syncs", {
      params: { header: idempotent(key) },
      body: { connection_id: connectionId },
    }),
  );
