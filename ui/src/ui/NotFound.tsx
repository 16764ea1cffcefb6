import { AppLink } from "./AppLink.tsx";
import { useTitle } from "./Page.tsx";
import { EmptyState } from "./States.tsx";

export function NotFound() {
  useTitle("Not found");
  return (
    <EmptyState title="There is no page at this address">
      It may have moved, or the link was cut short. <AppLink to="/">Start page</AppLink>
    </EmptyState>
  );
}
