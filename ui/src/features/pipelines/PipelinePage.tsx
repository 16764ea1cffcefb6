// One pipeline: what it does in plain words, whether it runs, and how it came to be so.
import { Button, Skeleton } from "@mantine/core";
import { useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { ApiError } from "../../api/errors.ts";
import { enablePipeline, pipelineQuery } from "../../api/pipelines.ts";
import { sessionQuery } from "../../api/session.ts";
import type { PipelineDetail } from "../../api/types.ts";
import { useWrite } from "../../api/write.ts";
import { org } from "../../lib/paths.ts";
import { can } from "../../lib/permissions.ts";
import { fullSentence } from "../../lib/sentence.ts";
import { AppLink, useGo } from "../../ui/AppLink.tsx";
import { ChangesList } from "../../ui/ChangesList.tsx";
import { Chip } from "../../ui/Chip.tsx";
import { CopyText } from "../../ui/CopyText.tsx";
import { FormError } from "../../ui/FormError.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Page } from "../../ui/Page.tsx";
import { EmptyState, ErrorState } from "../../ui/States.tsx";
import classes from "./PipelineSummary.module.css";
import { PipelineSummary } from "./PipelineSummary.tsx";
import { pipelineStatus } from "./status.ts";
import { Versions } from "./Versions.tsx";

export function PipelinePage() {
  const { pipeline: name = "" } = useParams({ strict: false }) as { pipeline?: string };
  const pipeline = useQuery(pipelineQuery(name));
  const above = <AppLink to={org.pipelines()}>Pipelines</AppLink>;
  if (pipeline.data) return <Detail pipeline={pipeline.data} above={above} />;
  return (
    <Page narrow above={above} title="Pipeline">
      {pipeline.error instanceof ApiError && pipeline.error.missing ? (
        <EmptyState title="No such pipeline">
          It may have been renamed. <AppLink to={org.pipelines()}>All pipelines</AppLink>
        </EmptyState>
      ) : pipeline.error ? (
        <ErrorState
          error={pipeline.error}
          what="load this pipeline"
          onRetry={() => void pipeline.refetch()}
        />
      ) : (
        <div className="stack" aria-busy="true">
          <Skeleton height={360} radius={8} />
          <Skeleton height={240} radius={8} />
        </div>
      )}
    </Page>
  );
}

type DetailProps = { pipeline: PipelineDetail; above: React.ReactNode };

function Detail({ pipeline, above }: DetailProps) {
  const spec = pipeline.effective ?? pipeline.built_in;
  return (
    <Page
      narrow
      above={above}
      title={spec?.title ?? pipeline.pipeline}
      aside={<Chip status={pipelineStatus(pipeline.enabled, pipeline.effective != null)} />}
      context={
        <>
          {spec?.description}{" "}
          <CopyText text={pipeline.pipeline_version ?? pipeline.pipeline} what="pipeline version" />
        </>
      }
      actions={<Actions pipeline={pipeline} />}
    >
      <Problems pipeline={pipeline} />
      {spec && <PipelineSummary spec={spec} />}
      {pipeline.built_in && pipeline.diff.length > 0 && (
        <section className={classes.section} aria-labelledby="own">
          <h2 id="own">
            Your changes <span className="quieter">{pipeline.diff.length}</span>
          </h2>
          <ChangesList changes={pipeline.diff} none="" />
        </section>
      )}
      <Versions pipeline={pipeline} />
    </Page>
  );
}

function Actions({ pipeline }: { pipeline: PipelineDetail }) {
  const go = useGo();
  const queries = useQueryClient();
  const { data: session } = useSuspenseQuery(sessionQuery);
  const enable = useWrite(enablePipeline, {
    onSuccess: () => void queries.invalidateQueries({ queryKey: ["pipelines"] }),
  });
  if (!can(session.role, "manage pipelines")) return null;
  return (
    <>
      <FormError error={enable.error} />
      <Button
        variant={pipeline.enabled ? "default" : "filled"}
        loading={enable.isPending}
        onClick={() => enable.mutate({ pipeline: pipeline.pipeline, enabled: !pipeline.enabled })}
      >
        {pipeline.enabled ? "Turn off" : "Turn on"}
      </Button>
      <Button
        variant={pipeline.enabled ? "filled" : "default"}
        onClick={() => go(org.editPipeline(pipeline.pipeline))}
      >
        Edit
      </Button>
    </>
  );
}

/** What is wrong with it as it is; an upgrade of the shipped spec can bring that about. */
function Problems({ pipeline }: { pipeline: PipelineDetail }) {
  const { problems, conflicts } = pipeline;
  return (
    <>
      {problems.map(({ weight, path, message }) => (
        <Notice
          key={path + message}
          tone={weight === "error" ? "critical" : "attention"}
          title={fullSentence(message)}
        >
          <code>{path}</code>
        </Notice>
      ))}
      {pipeline.held_back && (
        <Notice
          tone="attention"
          title="Your changes do not go with the newest shipped spec."
          action={<AppLink to={org.editPipeline(pipeline.pipeline)}>Mend them</AppLink>}
        >
          The pipeline goes on over the one they were made for.
        </Notice>
      )}
      {conflicts.length > 0 && (
        <Notice
          tone="attention"
          title="The shipped spec changed what this organisation changed, too."
          action={<AppLink to={org.editPipeline(pipeline.pipeline)}>Look at it</AppLink>}
        >
          Your values stay in force: {conflicts.map(({ path }) => path).join(", ")}
        </Notice>
      )}
    </>
  );
}
