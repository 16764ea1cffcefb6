// Files that were kept aside: why, where in them, and trying them again.
import { queryOptions } from "@tanstack/react-query";
import { layerOf } from "../lib/layer.ts";
import { cellApi, idempotent, unwrap } from "./client.ts";
import { ApiError } from "./errors.ts";
import { saveLayer } from "./pipelines.ts";

export const quarantineQuery = queryOptions({
  queryKey: ["quarantine"],
  queryFn: ({ signal }) => unwrap(cellApi.GET("/api/quarantine", { signal })),
  refetchOnMount: "always",
});

export const quarantinedQuery = (syncId: string) =>
  queryOptions({
    queryKey: ["quarantine", syncId],
    queryFn: ({ signal }) =>
      unwrap(
        cellApi.GET("/api/quarantine/{sync_id}", {
          params: { path: { sync_id: syncId } },
          signal,
        }),
      ),
  });

export const replayQuarantined = (syncId: string, key: string) =>
  unwrap(
    cellApi.POST("/api/quarantine/{sync_id}/replay", {
      params: { path: { sync_id: syncId }, header: idempotent(key) },
    }),
  );

export type Alias = { pipeline: string; column: string; header: string };

/**
 * The org's layer with one more name for a column: a version of the pipeline like any other. The
 * column is known by its own name or by a header it has had.
 */
export async function acceptHeader({ pipeline, column, header }: Alias, key: string) {
  const now = await unwrap(
    cellApi.GET("/api/pipelines/{pipeline}", { params: { path: { pipeline } } }),
  );
  const spec = now.effective ?? now.built_in;
  const meant = spec?.columns.find(
    ({ name, headers }) => name === column || headers.includes(column),
  );
  if (spec == null || meant === undefined) {
    throw new ApiError(422, "column_not_found", `This pipeline has no column ${column}.`, null);
  }
  const columns = spec.columns.map((item) =>
    item === meant ? { ...item, headers: [...item.headers, header] } : item,
  );
  return saveLayer(
    {
      pipeline,
      layer: layerOf(now.built_in ?? null, { ...spec, columns }),
      comment: `Read “${header}” as ${meant.name}`,
      expectedVersion: now.layer_version,
    },
    key,
  );
}
