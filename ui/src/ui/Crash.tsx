// A page that failed while drawing: what happened, and a way on.
import { useRouter } from "@tanstack/react-router";
import { useTitle } from "./Page.tsx";
import { ErrorState } from "./States.tsx";

export function Crash({ error }: { error: unknown }) {
  useTitle("Error");
  const router = useRouter();
  return (
    <ErrorState error={error} what="show this page" onRetry={() => void router.invalidate()} />
  );
}
