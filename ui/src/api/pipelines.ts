// Pipelines: what is read and how, their versions, and trying a change before it is saved.
import { queryOptions } from "@tanstack/react-query";
import { newKey } from "../lib/idempotency.ts";
import type { Layer } from "../lib/layer.ts";
import { cellApi, idempotent, unwrap } from "./client.ts";

const at = (pipeline: string) => ({ path: { pipeline } });

export const pipelinesQuery = queryOptions({
  queryKey: ["pipelines"],
  queryFn: ({ signal }) => unwrap(cellApi.GET("/api/pipelines", { signal })),
});

export const pipelineQuery = (pipeline: string) =>
  queryOptions({
    queryKey: ["pipelines", pipeline],
    queryFn: ({ signal }) =>
      unwrap(cellApi.GET("/api/pipelines/{pipeline}", { params: at(pipeline), signal })),
  });

export const versionsQuery = (pipeline: string) =>
  queryOptions({
    queryKey: ["pipelines", pipeline, "versions"],
    queryFn: ({ signal }) =>
      unwrap(cellApi.GET("/api/pipelines/{pipeline}/versions", { params: at(pipeline), signal })),
  });

export type Trial = { pipeline: string; layer: Layer | null };

/** A check changes nothing, so it is asked like any other question, again for each layer. */
export const checkQuery = ({ pipeline, layer }: Trial) =>
  queryOptions({
    queryKey: ["pipelines", pipeline, "check", layer],
    queryFn: ({ signal }) =>
      unwrap(
        cellApi.POST("/api/pipelines/{pipeline}/check", {
          params: { ...at(pipeline), header: idempotent(newKey()) },
          body: { layer: layer ?? {} },
          signal,
        }),
      ),
    staleTime: 60_000,
    gcTime: 60_000,
  });

/** On the latest file of the pipeline, or on the bytes of a sample in base64. */
export type DryRunWish = Trial & { sample?: string | undefined };

export const dryRun = ({ pipeline, layer, sample }: DryRunWish, key: string) =>
  unwrap(
    cellApi.POST("/api/pipelines/{pipeline}/dry-run", {
      params: { ...at(pipeline), header: idempotent(key) },
      body: { layer, sample: sample ?? null },
    }),
  );

export type SavedLayer = Trial & { comment: string; expectedVersion: number };

export const saveLayer = ({ pipeline, layer, comment, expectedVersion }: SavedLayer, key: string) =>
  unwrap(
    cellApi.PUT("/api/pipelines/{pipeline}/layer", {
      params: { ...at(pipeline), header: idempotent(key) },
      body: { layer, comment, expected_version: expectedVersion },
    }),
  );

export const enablePipeline = (
  { pipeline, enabled }: { pipeline: string; enabled: boolean },
  key: string,
) =>
  unwrap(
    cellApi.PUT("/api/pipelines/{pipeline}/enabled", {
      params: { ...at(pipeline), header: idempotent(key) },
      body: { enabled },
    }),
  );
