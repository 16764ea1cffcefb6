// What the org has, by a part of its name or by its id.
import { queryOptions } from "@tanstack/react-query";
import { cellApi, unwrap } from "./client.ts";

export const searchQuery = (text: string) =>
  queryOptions({
    queryKey: ["search", text],
    queryFn: ({ signal }) =>
      unwrap(cellApi.GET("/api/search", { params: { query: { q: text } }, signal })),
    staleTime: 60_000,
  });
