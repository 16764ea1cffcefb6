// Orgs as their members see them from the front door.
import { queryOptions } from "@tanstack/react-query";
import { globalApi, idempotent, unwrap } from "./client.ts";

export const slugQuery = (slug: string) =>
  queryOptions({
    queryKey: ["slug", slug],
    queryFn: ({ signal }) =>
      unwrap(globalApi.GET("/api/slugs/{slug}", { params: { path: { slug } }, signal })),
    enabled: slug !== "",
    staleTime: 5_000,
  });

export const orgQuery = (orgId: string) =>
  queryOptions({
    queryKey: ["orgs", orgId],
    queryFn: ({ signal }) =>
      unwrap(globalApi.GET("/api/orgs/{org_id}", { params: { path: { org_id: orgId } }, signal })),
    // Provisioning takes well under a second; look often, and only while it runs.
    refetchInterval: (query) => (query.state.data?.state === "provisioning" ? 300 : false),
  });

export const createOrg = (body: { name: string; slug: string }, key: string) =>
  unwrap(globalApi.POST("/api/orgs", { params: { header: idempotent(key) }, body }));

export type Enter = { orgId: string; path?: string | undefined };

export const enterOrg = ({ orgId, path }: Enter, key: string) =>
  unwrap(
    globalApi.POST("/api/orgs/{org_id}/enter", {
      params: { path: { org_id: orgId }, header: idempotent(key) },
      body: { path: path ?? "/" },
    }),
  );
