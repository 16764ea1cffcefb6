// Who has been in this org: ids stand in versions, budgets and backfills, names on the page.
import { queryOptions } from "@tanstack/react-query";
import { cellApi, unwrap } from "./client.ts";

export const membersQuery = queryOptions({
  queryKey: ["members"],
  queryFn: ({ signal }) => unwrap(cellApi.GET("/api/members", { signal })),
  staleTime: 300_000,
});
