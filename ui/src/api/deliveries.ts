// Files that are delivered: a connection to deliver to, an upload, and what came.
import { queryOptions } from "@tanstack/react-query";
import { cellApi, idempotent, unwrap } from "./client.ts";
import { type ApiError, noAnswer, toApiError } from "./errors.ts";
import { isRunning } from "./syncs.ts";
import type { DeliveredFile, Sync } from "./types.ts";

export const createDrop = (name: string, key: string) =>
  unwrap(
    cellApi.POST("/api/connections", {
      params: { header: idempotent(key) },
      body: { connector: "file_drop", name },
    }),
  );

export const deliveredFilesQuery = (connectionId: string) =>
  queryOptions({
    queryKey: ["connections", connectionId, "files"],
    queryFn: ({ signal }) =>
      unwrap(
        cellApi.GET("/api/connections/{connection_id}/files", {
          params: { path: { connection_id: connectionId } },
          signal,
        }),
      ),
    // While a file is read the list is alive; files of the folder come without anybody here.
    refetchInterval: (query) => (query.state.data?.items.some(isBeingRead) ? 1_500 : 30_000),
  });

function isBeingRead({ state }: DeliveredFile): boolean {
  return state != null && isRunning({ state });
}

type Upload = {
  connectionId: string;
  file: File;
  /** From 0 to 1, as far as the browser has sent it. */
  onProgress: (share: number) => void;
  signal: AbortSignal;
};

/**
 * Sends a file. The same bytes again are the same delivery, so it needs no key. Not by `fetch`,
 * which does not tell how much of a body is sent.
 */
export function uploadFile({ connectionId, file, onProgress, signal }: Upload): Promise<Sync> {
  const path = `/api/connections/${encodeURIComponent(connectionId)}/files`;
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `${path}?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader("content-type", "text/csv");
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onload = () => {
      if (request.status === 202) resolve(request.response);
      else reject(refusalOf(request));
    };
    request.onerror = () => reject(noAnswer());
    request.onabort = () => reject(new DOMException("The upload was stopped", "AbortError"));
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}

function refusalOf(request: XMLHttpRequest): ApiError {
  const headers = { "retry-after": request.getResponseHeader("retry-after") ?? "" };
  return toApiError(new Response(null, { status: request.status, headers }), request.response);
}
