// How server state is cached and retried. A definite refusal is never repeated.
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError } from "./errors.ts";

export function createQueryClient(): QueryClient {
  // A session that ended anywhere is asked for again, so that the guard can say so.
  const onError = (error: Error) => {
    if (error instanceof ApiError && error.signedOut) {
      void client.invalidateQueries({ queryKey: ["session"] });
    }
  };
  const client = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => query.queryKey[0] !== "session" && onError(error),
    }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        retry: (failures, error) =>
          error instanceof ApiError && error.temporary && failures < retries(error),
        retryDelay: (failures, error) =>
          error instanceof ApiError && error.retryAfterSeconds !== null
            ? error.retryAfterSeconds * 1000
            : Math.min(400 * 2 ** failures, 4_000),
      },
    },
  });
  return client;
}

/** An org that is being moved answers 503 for a moment; waiting a little longer hides it. */
function retries(error: ApiError): number {
  return error.status === 503 ? 4 : 2;
}
