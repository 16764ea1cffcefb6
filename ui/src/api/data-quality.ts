// What is known of each advertiser's days.
import { queryOptions } from "@tanstack/react-query";
import { cellApi, unwrap } from "./client.ts";

export type Days = { dataset: string; from: string; to: string };

export const calendarQuery = (days: Days) =>
  queryOptions({
    queryKey: ["data", "calendar", days],
    queryFn: ({ signal }) =>
      unwrap(cellApi.GET("/api/data/calendar", { params: { query: days }, signal })),
    refetchOnMount: "always",
  });

export const freshnessQuery = queryOptions({
  queryKey: ["data", "freshness"],
  queryFn: ({ signal }) => unwrap(cellApi.GET("/api/data/freshness", { signal })),
  refetchOnMount: "always",
});

export const reconciliationQuery = (days: { from: string; to: string }) =>
  queryOptions({
    queryKey: ["data", "reconciliation", days],
    queryFn: ({ signal }) =>
      unwrap(cellApi.GET("/api/data/reconciliation", { params: { query: days }, signal })),
    refetchOnMount: "always",
  });
