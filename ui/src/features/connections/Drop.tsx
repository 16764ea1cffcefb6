// A connection that files are delivered to: hand one over, see what takes it and what came of it.
import { Skeleton } from "@mantine/core";
import { useQueries, useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { pipelineQuery, pipelinesQuery } from "../../api/pipelines.ts";
import { sessionQuery } from "../../api/session.ts";
import type { PipelineItem } from "../../api/types.ts";
import { org } from "../../lib/paths.ts";
import { can } from "../../lib/permissions.ts";
import { AppLink } from "../../ui/AppLink.tsx";
import { ErrorState } from "../../ui/States.tsx";
import classes from "./Drop.module.css";
import { DropFiles } from "./DropFiles.tsx";
import { Upload } from "./Upload.tsx";

export function Drop({ connectionId }: { connectionId: string }) {
  const { data: session } = useSuspenseQuery(sessionQuery);
  const pipelines = useQuery(pipelinesQuery);
  if (pipelines.error) {
    return (
      <ErrorState
        error={pipelines.error}
        what="load the pipelines"
        onRetry={() => void pipelines.refetch()}
      />
    );
  }
  if (pipelines.data === undefined) return <Skeleton height={160} radius={8} />;
  const takers = pipelines.data.items.filter(({ connector }) => connector === "file_drop");
  const taken = takers.some(({ enabled }) => enabled);
  return (
    <>
      {can(session.role, "start sync") && taken && <Upload connectionId={connectionId} />}
      <Takers takers={takers} />
      <DropFiles connectionId={connectionId} />
    </>
  );
}

/** Which names of files are read by which pipeline. */
function Takers({ takers }: { takers: readonly PipelineItem[] }) {
  const { data: session } = useSuspenseQuery(sessionQuery);
  const details = useQueries({ queries: takers.map(({ pipeline }) => pipelineQuery(pipeline)) });
  const mayWrite = can(session.role, "manage pipelines");
  const write = <AppLink to={org.newPipeline()}>Describe another kind of file</AppLink>;
  if (takers.length === 0) {
    return (
      <section className={classes.first} aria-labelledby="takers">
        <h2 id="takers">No file can be read yet</h2>
        <p className="quiet">
          A pipeline says what a file looks like: its name, its columns, and what they mean. It is
          written once, from one file as an example.
        </p>
        {mayWrite ? (
          <AppLink to={org.newPipeline()} className={classes.button}>
            Describe a file
          </AppLink>
        ) : (
          <p className="small quieter">An owner or admin can write one.</p>
        )}
      </section>
    );
  }
  return (
    <section className={classes.section} aria-labelledby="takers">
      <div className={classes.head}>
        <h2 id="takers">What is read</h2>
        {mayWrite && <span className="small">{write}</span>}
      </div>
      <ul className={classes.takers}>
        {takers.map(({ pipeline, title, enabled }, at) => {
          const source = details[at]?.data?.effective?.source;
          const pattern = source?.connector === "file_drop" ? source.file.name_pattern : null;
          return (
            <li key={pipeline} data-off={!enabled || undefined}>
              <span>
                Files named <code>{pattern ?? "…"}</code>
              </span>
              <span className={classes.by}>
                {enabled ? "by " : "not read: off, "}
                <AppLink to={org.pipeline(pipeline)}>{title}</AppLink>
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
