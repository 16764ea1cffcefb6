// The next page of a list, below what is there.
import { Button } from "@mantine/core";
import { ApiError } from "../api/errors.ts";
import { FormError } from "./FormError.tsx";
import table from "./table.module.css";

type Pages = {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  isFetchNextPageError: boolean;
  error: unknown;
  fetchNextPage: () => Promise<unknown>;
};

export function ShowMore({ of: pages }: { of: Pages }) {
  if (!pages.hasNextPage) return null;
  const failed = pages.isFetchNextPageError && pages.error instanceof ApiError;
  return (
    <div className={table.more}>
      {failed && <FormError error={pages.error as ApiError} />}
      <Button
        variant="default"
        loading={pages.isFetchingNextPage}
        onClick={() => void pages.fetchNextPage()}
      >
        Show more
      </Button>
    </div>
  );
}
