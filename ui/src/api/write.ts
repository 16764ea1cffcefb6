// Writes: one idempotency key per intent, kept across automatic retries and across a second
// submit whose first answer never arrived.
import { type UseMutationOptions, useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { KeyRing, type Outcome } from "../lib/idempotency.ts";
import { ApiError } from "./errors.ts";

type WriteOptions<T, V> = Omit<
  UseMutationOptions<T, ApiError, V>,
  "mutationFn" | "onSettled" | "retry"
>;

export function useWrite<T, V = void>(
  send: (input: V, key: string) => Promise<T>,
  options: WriteOptions<T, V> = {},
) {
  const [keys] = useState(() => new KeyRing());
  return useMutation<T, ApiError, V>({
    ...options,
    mutationFn: (input) => send(input, keys.keyFor(input)),
    retry: (failures, error) => isTemporary(error) && failures < 2,
    retryDelay: (failures, error) => (error.retryAfterSeconds ?? 0.4 * 2 ** failures) * 1000,
    onSettled: (_data, error) => keys.settle(outcomeOf(error)),
  });
}

function outcomeOf(error: unknown): Outcome {
  if (error === null) return "done";
  return isTemporary(error) ? "unknown" : "refused";
}

function isTemporary(error: unknown): boolean {
  return error instanceof ApiError && error.temporary;
}
