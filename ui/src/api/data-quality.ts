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
