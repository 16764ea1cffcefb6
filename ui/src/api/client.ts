// The typed clients of both hosts. Every failed call throws an ApiError; writes carry an
// idempotency key that their caller keeps stable across retries (see write.ts).
import createClient from "openapi-fetch";
import { noAnswer, toApiError } from "./errors.ts";
import type { paths as CellPaths } from "./schema.cell.d.ts";
import type { paths as GlobalPaths } from "./schema.global.d.ts";

const options = {
  baseUrl: globalThis.location.origin,
  credentials: "same-origin" as const,
  // Looked up on each call, so that tests can replace it.
  fetch: (request: Request) => globalThis.fetch(request),
};

/** The front door's API (app host). */
export const globalApi = createClient<GlobalPaths>(options);

/** The org's API (org host). */
export const cellApi = createClient<CellPaths>(options);

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** The body of a good answer, or an ApiError. */
export async function unwrap<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call.catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw noAnswer();
  });
  if (!response.ok) throw toApiError(response, error);
  return data as T;
}

export function idempotent(key: string): { "idempotency-key": string } {
  return { "idempotency-key": key };
}
