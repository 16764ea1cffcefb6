// Who is signed in to this org, and how far its data reaches.
import { queryOptions } from "@tanstack/react-query";
import { cellApi, unwrap } from "./client.ts";

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }) => unwrap(cellApi.GET("/api/session", { signal })),
  staleTime: 60_000,
});

export const freshnessQuery = queryOptions({
  queryKey: ["freshness"],
  queryFn: ({ signal }) => unwrap(cellApi.GET("/api/freshness", { signal })),
  refetchOnMount: "always",
});

export const leaveOrg = () => unwrap(cellApi.POST("/api/logout"));
