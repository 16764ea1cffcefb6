// Changing a pipeline. Its own address, so that a half-made change can be come back to.
import { Skeleton } from "@mantine/core";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { ApiError } from "../../api/errors.ts";
import { pipelineQuery } from "../../api/pipelines.ts";
import { sessionQuery } from "../../api/session.ts";
import type { PipelineDetail } from "../../api/types.ts";
import { org } from "../../lib/paths.ts";
import { can } from "../../lib/permissions.ts";
import { AppLink } from "../../ui/AppLink.tsx";
import { Page } from "../../ui/Page.tsx";
import { ErrorState, NoPermission } from "../../ui/States.tsx";
import { hasDraft } from "../../ui/useDraft.ts";
import { Editor } from "./Editor.tsx";

export function EditPage() {
  const { pipeline: name = "" } = useParams({ strict: false }) as { pipeline?: string };
  const { data: session } = useSuspenseQuery(sessionQuery);
  const pipeline = useQuery(pipelineQuery(name));
  const mayEdit = can(session.role, "manage pipelines");
  if (mayEdit && pipeline.data) return <Editor key={name} pipeline={pipeline.data} />;
  const missing = pipeline.error instanceof ApiError && pipeline.error.missing;
  if (mayEdit && missing && hasDraft(name)) return <Editor key={name} pipeline={notYet(name)} />;
  return (
    <Page above={<AppLink to={org.pipeline(name)}>{name}</AppLink>} title="Edit pipeline">
      {!mayEdit ? (
        <NoPermission>An owner or admin can change pipelines.</NoPermission>
      ) : pipeline.error ? (
        <ErrorState
          error={pipeline.error}
          what="load this pipeline"
          onRetry={() => void pipeline.refetch()}
        />
      ) : (
        <Skeleton height={560} radius={8} />
      )}
    </Page>
  );
}

/** One that exists only as a draft so far. */
function notYet(name: string): PipelineDetail {
  return {
    pipeline: name,
    enabled: false,
    held_back: false,
    layer_version: 0,
    diff: [],
    problems: [],
    conflicts: [],
  };
}
