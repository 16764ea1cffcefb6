// Connections, and what can be read through them.
import { queryOptions } from "@tanstack/react-query";
import { cellApi, idempotent, unwrap } from "./client.ts";

/** A sync can pause a connection at any time, so each look at it is a new one. */
const LIVE = { refetchOnMount: "always", refetchInterval: 60_000 } as const;

export const connectionsQuery = queryOptions({
  queryKey: ["connections"],
  queryFn: ({ signal }) => unwrap(cellApi.GET("/api/connections", { signal })),
  ...LIVE,
});

export const connectionQuery = (id: string) =>
  queryOptions({
    queryKey: ["connections", id],
    queryFn: ({ signal }) =>
      unwrap(
        cellApi.GET("/api/connections/{connection_id}", {
          params: { path: { connection_id: id } },
          signal,
        }),
      ),
    ...LIVE,
  });

export const partnersQuery = (id: string) =>
  queryOptions({
    queryKey: ["connections", id, "partners"],
    queryFn: ({ signal }) =>
      unwrap(
        cellApi.GET("/api/connections/{connection_id}/partners", {
          params: { path: { connection_id: id } },
          signal,
        }),
      ),
    staleTime: 300_000,
  });

export const advertisersQuery = (id: string, partnerId: string) =>
  queryOptions({
    queryKey: ["connections", id, "advertisers", partnerId],
    queryFn: ({ signal }) =>
      unwrap(
        cellApi.GET("/api/connections/{connection_id}/advertisers", {
          params: { path: { connection_id: id }, query: { partner_id: partnerId } },
          signal,
        }),
      ),
    enabled: partnerId !== "",
    staleTime: 300_000,
  });

/** With a connection, that one goes on with the consent, also if another account gives it. */
export type Consent = { returnPath: string; connectionId?: string | undefined };

export const authorizeDv360 = ({ returnPath, connectionId }: Consent, key: string) =>
  unwrap(
    cellApi.POST("/api/connections/dv360/authorize", {
      params: { header: idempotent(key) },
      body: { return_path: returnPath, connection_id: connectionId ?? null },
    }),
  );

export type Choice = { connectionId: string; partnerId: string; advertiserIds: string[] };

export const chooseAdvertisers = (choice: Choice, key: string) =>
  unwrap(
    cellApi.PUT("/api/connections/{connection_id}/advertisers", {
      params: { path: { connection_id: choice.connectionId }, header: idempotent(key) },
      body: { partner_id: choice.partnerId, advertiser_ids: choice.advertiserIds },
    }),
  );

export const disconnect = (id: string, key: string) =>
  unwrap(
    cellApi.DELETE("/api/connections/{connection_id}", {
      params: { path: { connection_id: id }, header: idempotent(key) },
    }),
  );

export const healthQuery = (id: string) =>
  queryOptions({
    queryKey: ["connections", id, "health"],
    queryFn: ({ signal }) =>
      unwrap(
        cellApi.GET("/api/connections/{connection_id}/health", {
          params: { path: { connection_id: id } },
          signal,
        }),
      ),
    ...LIVE,
    refetchInterval: 30_000,
  });
