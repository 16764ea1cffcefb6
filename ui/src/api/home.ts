// What the first page of a morning asks for.
import { queryOptions } from "@tanstack/react-query";
import { cellApi, unwrap } from "./client.ts";

/** The orders a person can look at before the first coffee. */
const FEW = 6;

export const attentionQuery = queryOptions({
  queryKey: ["attention"],
  queryFn: ({ signal }) => unwrap(cellApi.GET("/api/attention", { signal })),
  refetchInterval: 60_000,
});

export const atRiskQuery = queryOptions({
  queryKey: ["pacing", "at risk"],
  queryFn: ({ signal }) =>
    unwrap(
      cellApi.GET("/api/pacing/insertion-orders", {
        params: { query: { sort: "-at_risk_percent", limit: FEW } },
        signal,
      }),
    ),
});
