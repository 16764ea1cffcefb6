// A page that failed while drawing, or whose code could not be fetched: what to do about it.
import { useRouter } from "@tanstack/react-router";
import { useTitle } from "./Page.tsx";
import { ErrorState } from "./States.tsx";

export function Crash({ error }: { error: unknown }) {
  useTitle("Error");
  const router = useRouter();
  const unfetched = isUnfetched(error);
  return (
    <ErrorState
      error={error}
      what="show this page"
      advice={
        unfetched
          ? "This organisation cannot be reached right now. Nothing is lost; try again in a moment."
          : undefined
      }
      // A failed import is remembered by the browser; only a reload asks for it again.
      onRetry={() => (unfetched ? window.location.reload() : void router.invalidate())}
    />
  );
}

/** Each browser words it in its own way, and the bundler has words for styles. */
function isUnfetched(error: unknown): boolean {
  return (
    error instanceof Error &&
    /dynamically imported module|Importing a module script failed|Unable to preload/i.test(
      error.message,
    )
  );
}
