// What is kept for how long, what goes next, and what has gone.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { cellApi, unwrap } from "./client.ts";

export const retentionQuery = queryOptions({
  queryKey: ["retention", "plan"],
  queryFn: ({ signal }) => unwrap(cellApi.GET("/api/data/retention", { signal })),
  refetchOnMount: "always",
});

export const dropsQuery = infiniteQueryOptions({
  queryKey: ["retention", "drops"],
  queryFn: ({ signal, pageParam: cursor }) =>
    unwrap(
      cellApi.GET("/api/data/retention/drops", {
        params: { query: cursor === null ? {} : { cursor } },
        signal,
      }),
    ),
  initialPageParam: null as string | null,
  getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
  refetchOnMount: "always",
});
