// What stands here while the module is switched off.
import { org } from "../../lib/paths.ts";
import { AppLink } from "../../ui/AppLink.tsx";
import { EmptyState } from "../../ui/States.tsx";

export function Off() {
  return (
    <EmptyState title="Naming is switched off">
      An owner or admin can turn it on in{" "}
      <AppLink to={org.module("taxonomy")}>its settings</AppLink>.
    </EmptyState>
  );
}
