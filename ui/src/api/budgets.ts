// What was used today, and how much may be.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { cellApi, idempotent, unwrap } from "./client.ts";
import type { BudgetLine } from "./types.ts";

export const budgetsQuery = queryOptions({
  queryKey: ["budgets"],
  queryFn: ({ signal }) => unwrap(cellApi.GET("/api/budgets", { signal })),
  refetchOnMount: "always",
  refetchInterval: 60_000,
});

export type Limits = Partial<Record<BudgetLine["resource"], BudgetLine["own"]>>;

/** All of the org's own limits at once; what is left out is the platform's again. */
export const saveBudgets = (limits: Limits, key: string) =>
  unwrap(
    cellApi.PUT("/api/budgets", {
      params: { header: idempotent(key) },
      body: { limits: limits as Record<string, BudgetLine["own"]> },
    }),
  );

/** Who changed the org's own limits. */
export const budgetChangesQuery = infiniteQueryOptions({
  queryKey: ["budgets", "changes"],
  queryFn: ({ signal, pageParam: cursor }) =>
    unwrap(
      cellApi.GET("/api/budgets/changes", {
        params: { query: cursor === null ? {} : { cursor } },
        signal,
      }),
    ),
  initialPageParam: null as string | null,
  getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
  refetchOnMount: "always",
});
