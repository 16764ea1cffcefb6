// One module: on or off, its settings with what they would change, its history and its runs.
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { ApiError } from "../../api/errors.ts";
import { moduleQuery } from "../../api/modules.ts";
import type { ModuleDetail } from "../../api/types.ts";
import { org } from "../../lib/paths.ts";
import { fullSentence } from "../../lib/sentence.ts";
import { AppLink } from "../../ui/AppLink.tsx";
import { Chip } from "../../ui/Chip.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Page } from "../../ui/Page.tsx";
import { EmptyState, ErrorState } from "../../ui/States.tsx";
import { ModuleRuns } from "./ModuleRuns.tsx";
import { ModuleSettings } from "./ModuleSettings.tsx";
import { ModuleVersions } from "./ModuleVersions.tsx";
import { SwitchButton } from "./SwitchButton.tsx";
import { moduleStatus } from "./status.ts";

export function ModulePage() {
  const { module: name = "" } = useParams({ strict: false }) as { module?: string };
  const module = useQuery(moduleQuery(name));
  const above = <AppLink to={org.modules()}>Modules</AppLink>;
  if (module.data) return <Detail module={module.data} above={above} />;
  return (
    <Page above={above} title="Module">
      {module.error instanceof ApiError && module.error.missing ? (
        <EmptyState title="No such module">
          <AppLink to={org.modules()}>All modules</AppLink>
        </EmptyState>
      ) : module.error ? (
        <ErrorState
          error={module.error}
          what="load this module"
          onRetry={() => void module.refetch()}
        />
      ) : (
        <div className="stack" aria-busy="true">
          <Skeleton height={280} radius={8} />
          <Skeleton height={160} radius={8} />
        </div>
      )}
    </Page>
  );
}

function Detail({ module, above }: { module: ModuleDetail; above: React.ReactNode }) {
  return (
    <Page
      above={above}
      title={module.title}
      aside={<Chip status={moduleStatus(module.enabled)} />}
      context={module.description}
      actions={<SwitchButton module={module} />}
    >
      {module.problems.length > 0 && (
        <Notice tone="attention" title="Your settings do not go with this version of the module.">
          The template's are in force:{" "}
          {module.problems.map(({ path, message }) => fullSentence(`${path} ${message}`)).join(" ")}
        </Notice>
      )}
      <ModuleSettings key={module.version} module={module} />
      <ModuleVersions module={module} />
      <ModuleRuns module={module.module} />
    </Page>
  );
}
