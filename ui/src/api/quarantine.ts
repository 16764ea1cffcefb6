// Files that were kept aside: why, where in them, and trying them again.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { cellApi, idempotent, unwrap } from "./client.ts";

export const quarantineQuery = infiniteQueryOptions({
  queryKey: ["quarantine", "list"],
  queryFn: ({ signal, pageParam: cursor }) =>
    unwrap(
      cellApi.GET("/api/quarantine", {
        params: { query: cursor === null ? {} : { cursor } },
        signal,
      }),
    ),
  initialPageParam: null as string | null,
  getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
  refetchOnMount: "always",
});

export const quarantinedQuery = (syncId: string) =>
  queryOptions({
    queryKey: ["quarantine", syncId],
    queryFn: ({ signal }) =>
      unwrap(
        cellApi.GET("/api/quarantine/{sync_id}", {
          params: { path: { sync_id: syncId } },
          signal,
        }),
      ),
  });

export const replayQuarantined = (syncId: string, key: string) =>
  unwrap(
    cellApi.POST("/api/quarantine/{sync_id}/replay", {
      params: { path: { sync_id: syncId }, header: idempotent(key) },
    }),
  );

export type AcceptedNames = { syncId: string; names: { column: string; header: string }[] };

/** The pipeline finds columns under these names from now on, and the file is read again. */
export const acceptNames = ({ syncId, names }: AcceptedNames, key: string) =>
  unwrap(
    cellApi.POST("/api/quarantine/{sync_id}/accept-names", {
      params: { path: { sync_id: syncId }, header: idempotent(key) },
      body: { names },
    }),
  );
