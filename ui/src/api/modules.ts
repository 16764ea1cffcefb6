// Modules: which run, with which settings, and trying other ones before they are kept.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { newKey } from "../lib/idempotency.ts";
import { cellApi, idempotent, unwrap } from "./client.ts";
import type { ModuleDetail } from "./types.ts";

const at = (module: string) => ({ path: { module } });

export type Template = NonNullable<ModuleDetail["template"]>;
export type Settings = Record<string, unknown>;

export const modulesQuery = queryOptions({
  queryKey: ["modules"],
  queryFn: ({ signal }) => unwrap(cellApi.GET("/api/modules", { signal })),
});

export const moduleQuery = (module: string) =>
  queryOptions({
    queryKey: ["modules", module],
    queryFn: ({ signal }) =>
      unwrap(cellApi.GET("/api/modules/{module}", { params: at(module), signal })),
  });

export const moduleVersionsQuery = (module: string) =>
  queryOptions({
    queryKey: ["modules", module, "versions"],
    queryFn: ({ signal }) =>
      unwrap(cellApi.GET("/api/modules/{module}/versions", { params: at(module), signal })),
  });

export const moduleRunsQuery = (module: string) =>
  infiniteQueryOptions({
    queryKey: ["modules", module, "runs"],
    queryFn: ({ signal, pageParam }) =>
      unwrap(
        cellApi.GET("/api/modules/{module}/runs", {
          params: { ...at(module), query: pageParam === null ? {} : { cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

export type ModuleTrial = { module: string; template: Template | null; settings: Settings | null };

/** A preview changes nothing, so it is asked like any other question, again for each wish. */
export const modulePreviewQuery = ({ module, template, settings }: ModuleTrial) =>
  queryOptions({
    queryKey: ["modules", module, "preview", template, settings],
    queryFn: ({ signal }) =>
      unwrap(
        cellApi.POST("/api/modules/{module}/preview", {
          params: { ...at(module), header: idempotent(newKey()) },
          body: { template, settings },
          signal,
        }),
      ),
    gcTime: 60_000,
  });

export type ModuleWish = ModuleTrial & { enabled: boolean; comment: string; version: number };

export const saveModule = (wish: ModuleWish, key: string) =>
  unwrap(
    cellApi.PUT("/api/modules/{module}", {
      params: {
        ...at(wish.module),
        header: { ...idempotent(key), "if-match": `"${wish.version}"` },
      },
      body: {
        enabled: wish.enabled,
        template: wish.template,
        settings: wish.settings,
        comment: wish.comment,
      },
    }),
  );
