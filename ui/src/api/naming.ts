// Naming: how names stand, conventions with their history, and what helps to write both.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { newKey } from "../lib/idempotency.ts";
import type { NamesSearch } from "../lib/paths.ts";
import { stringifySearch } from "../lib/search.ts";
import { cellApi, idempotent, unwrap } from "./client.ts";
import type { NamingLevel } from "./types.ts";

export type ConventionDocument = Record<string, unknown>;

const at = (id: string) => ({ path: { convention_id: id } });

export const complianceQuery = (advertiser: string | undefined) =>
  queryOptions({
    queryKey: ["naming", "compliance", advertiser],
    queryFn: ({ signal }) =>
      unwrap(
        cellApi.GET("/api/taxonomy/compliance", {
          params: { query: advertiser ? { advertiser_id: advertiser } : {} },
          signal,
        }),
      ),
  });

type Search = { [K in keyof NamesSearch]?: string | undefined };

function wanted({ level, advertiser, state, field, code, search }: Search) {
  return {
    ...(level ? { level: level as NamingLevel } : {}),
    ...(advertiser ? { advertiser_id: advertiser } : {}),
    ...(state === "all" ? {} : { compliant: state === "right" }),
    ...(field ? { field } : {}),
    ...(code ? { code } : {}),
    ...(search ? { search } : {}),
  };
}

export const namesQuery = (search: Search) =>
  infiniteQueryOptions({
    queryKey: ["naming", "names", search],
    queryFn: ({ signal, pageParam }) =>
      unwrap(
        cellApi.GET("/api/taxonomy/names", {
          params: { query: { ...wanted(search), ...(pageParam ? { cursor: pageParam } : {}) } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

/** The same names as a file. */
export function exportUrl(search: Search): string {
  const query = Object.entries(wanted(search)).map(([key, value]) => [key, String(value)]);
  return `/api/taxonomy/names/export${stringifySearch(Object.fromEntries(query))}`;
}

export const conventionsQuery = queryOptions({
  queryKey: ["naming", "conventions"],
  queryFn: ({ signal }) => unwrap(cellApi.GET("/api/taxonomy/conventions", { signal })),
});

export const conventionQuery = (id: string) =>
  queryOptions({
    queryKey: ["naming", "conventions", id],
    queryFn: ({ signal }) =>
      unwrap(cellApi.GET("/api/taxonomy/conventions/{convention_id}", { params: at(id), signal })),
  });

export const conventionVersionsQuery = (id: string) =>
  queryOptions({
    queryKey: ["naming", "conventions", id, "versions"],
    queryFn: ({ signal }) =>
      unwrap(
        cellApi.GET("/api/taxonomy/conventions/{convention_id}/versions", {
          params: at(id),
          signal,
        }),
      ),
  });

/** Asked like any other question, again for each text. */
export const conventionTrialQuery = (id: string | null, document: ConventionDocument | null) =>
  queryOptions({
    queryKey: ["naming", "trial", id, document],
    queryFn: ({ signal }) =>
      unwrap(
        cellApi.POST("/api/taxonomy/conventions/preview", {
          params: { header: idempotent(newKey()) },
          body: { convention_id: id, document: document ?? {} },
          signal,
        }),
      ),
    staleTime: 30_000,
    gcTime: 60_000,
  });

export const proposalQuery = (level: NamingLevel, advertiser: string | undefined) =>
  queryOptions({
    queryKey: ["naming", "proposal", level, advertiser],
    queryFn: ({ signal }) =>
      unwrap(
        cellApi.GET("/api/taxonomy/proposal", {
          params: { query: { level, ...(advertiser ? { advertiser_id: advertiser } : {}) } },
          signal,
        }),
      ),
  });

export type ConventionWish = {
  /** None: a new one. */
  id: string | null;
  /** None: it is taken away. */
  document: ConventionDocument | null;
  comment: string;
  version: number;
};

export const saveConvention = ({ id, document, comment, version }: ConventionWish, key: string) =>
  id === null
    ? unwrap(
        cellApi.POST("/api/taxonomy/conventions", {
          params: { header: idempotent(key) },
          body: { document: document ?? {}, comment },
        }),
      )
    : unwrap(
        cellApi.PUT("/api/taxonomy/conventions/{convention_id}", {
          params: { ...at(id), header: { ...idempotent(key), "if-match": `"${version}"` } },
          body: { document, comment },
        }),
      );

export type BuildWish = {
  id: string;
  values: Record<string, string[]>;
  parent: string;
  start: string;
  end: string;
};

export const builtNameQuery = ({ id, values, parent, start, end }: BuildWish) =>
  queryOptions({
    queryKey: ["naming", "build", id, values, parent, start, end],
    queryFn: ({ signal }) =>
      unwrap(
        cellApi.POST("/api/taxonomy/conventions/{convention_id}/build", {
          params: { ...at(id), header: idempotent(newKey()) },
          body: {
            values,
            parent_id: parent || null,
            flight_start: start || null,
            flight_end: end || null,
          },
          signal,
        }),
      ),
    gcTime: 60_000,
  });

export const readPicklist = (text: string, key: string) =>
  unwrap(
    cellApi.POST("/api/taxonomy/picklists/read", {
      params: { header: idempotent(key) },
      body: { text },
    }),
  );
