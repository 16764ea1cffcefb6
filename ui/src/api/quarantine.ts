// Files that were kept aside: why, where in them, and trying them again.
import { queryOptions } from "@tanstack/react-query";
import { layerOf } from "../lib/layer.ts";
import { cellApi, idempotent, unwrap } from "./client.ts";
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

/** The org's layer with one more name for a column: a version of the pipeline like any other. */
export async function acceptHeader({ pipeline, column, header }: Alias, key: string) {
  const now = await unwrap(
    cellApi.GET("/api/pipelines/{pipeline}", { params: { path: { pipeline } } }),
  );
  const spec = now.effective ?? now.built_in;
  const columns = spec?.columns.map((item) =>
    item.name === column && !item.headers.includes(header)
      ? { ...item, headers: [...item.headers, header] }
      : item,
  );
  return saveLayer(
    {
      pipeline,
      layer: layerOf(now.built_in ?? null, { ...spec, columns }),
      comment: `Read “${header}” as ${column}`,
      expectedVersion: now.layer_version,
    },
    key,
  );
}
