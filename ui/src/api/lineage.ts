// Where a figure came from: the day of a line item, and the lines of the file it was read from.
import { queryOptions } from "@tanstack/react-query";
import { cellApi, unwrap } from "./client.ts";

/** Pacing is of one platform; its rows do not say which. */
const DSP = "dv360";

export const lineageQuery = (lineItemId: string, date: string) =>
  queryOptions({
    queryKey: ["lineage", DSP, lineItemId, date],
    queryFn: ({ signal }) =>
      unwrap(
        cellApi.GET("/api/lineage/line-items/{dsp}/{line_item_id}/days/{date}", {
          params: { path: { dsp: DSP, line_item_id: lineItemId, date } },
          signal,
        }),
      ),
    staleTime: 60_000,
  });

/** What was received is never changed. */
export const fileLinesQuery = (bronzeId: string, line: number) =>
  queryOptions({
    queryKey: ["bronze", bronzeId, line],
    queryFn: ({ signal }) =>
      unwrap(
        cellApi.GET("/api/bronze/{bronze_id}/lines", {
          params: { path: { bronze_id: bronzeId }, query: { line } },
          signal,
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });
