// Who changed this pipeline, when and why; any version can be looked at and put back.
import { Button, Skeleton } from "@mantine/core";
import { useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { checkQuery, saveLayer, versionsQuery } from "../../api/pipelines.ts";
import { sessionQuery } from "../../api/session.ts";
import type { PipelineDetail, PipelineVersion } from "../../api/types.ts";
import { useWrite } from "../../api/write.ts";
import { can } from "../../lib/permissions.ts";
import { Person } from "../../ui/Person.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { SaveDialog } from "../../ui/SaveDialog.tsx";
import { ErrorState } from "../../ui/States.tsx";
import { TableFrame } from "../../ui/TableFrame.tsx";
import table from "../../ui/table.module.css";
import classes from "./PipelineSummary.module.css";

export function Versions({ pipeline }: { pipeline: PipelineDetail }) {
  const versions = useQuery(versionsQuery(pipeline.pipeline));
  const { data: session } = useSuspenseQuery(sessionQuery);
  const [restoring, setRestoring] = useState<PipelineVersion | null>(null);
  const mayEdit = can(session.role, "manage pipelines");
  const items = versions.data?.items;
  return (
    <section className={classes.section} aria-labelledby="versions">
      <h2 id="versions">Versions {items && <span className="quieter">{items.length}</span>}</h2>
      {versions.error ? (
        <ErrorState
          error={versions.error}
          what="load the versions"
          onRetry={() => void versions.refetch()}
        />
      ) : items === undefined ? (
        <Skeleton height={72} radius={8} />
      ) : items.length === 0 ? (
        <p className="quiet">As shipped; nobody here has changed it.</p>
      ) : (
        <TableFrame label="Versions, table">
          <table className={table.table}>
            <thead>
              <tr>
                <th>Version</th>
                <th>Comment</th>
                <th>By</th>
                <th>When</th>
                <th aria-label="Action" />
              </tr>
            </thead>
            <tbody>
              {items.map((item) => (
                <VersionRow
                  key={item.version}
                  item={item}
                  current={pipeline.layer_version}
                  onRestore={mayEdit ? () => setRestoring(item) : undefined}
                />
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
      {restoring && (
        <Restore pipeline={pipeline} version={restoring} onClose={() => setRestoring(null)} />
      )}
    </section>
  );
}

type RowProps = {
  item: PipelineVersion;
  current: number;
  onRestore: (() => void) | undefined;
};

function VersionRow({ item, current, onRestore }: RowProps) {
  return (
    <tr>
      <td className="num">{item.version}</td>
      <td className={classes.comment}>{item.comment}</td>
      <td className="quiet">
        <Person userId={item.changed_by} />
      </td>
      <td className="quiet">
        <RelativeTime at={item.changed_at} />
      </td>
      <td className={classes.act}>
        {item.version === current ? (
          <span className="quieter">In force</span>
        ) : (
          onRestore && (
            <Button variant="subtle" size="compact-sm" onClick={onRestore}>
              Restore
            </Button>
          )
        )}
      </td>
    </tr>
  );
}

type RestoreProps = { pipeline: PipelineDetail; version: PipelineVersion; onClose: () => void };

/** Going back is a version of its own, so nothing of the history is lost. */
function Restore({ pipeline, version, onClose }: RestoreProps) {
  const queries = useQueryClient();
  const layer = version.layer ?? null;
  const check = useQuery(checkQuery({ pipeline: pipeline.pipeline, layer }));
  const restore = useWrite(saveLayer, {
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["pipelines"] });
      onClose();
    },
  });
  return (
    <SaveDialog
      opened
      onClose={onClose}
      title={`Restore version ${version.version}`}
      verb="Restore"
      comment={`Back to version ${version.version}: ${version.comment}`}
      changes={check.data?.diff ?? []}
      error={restore.error}
      pending={restore.isPending || check.isPending}
      onSave={(comment) =>
        restore.mutate({
          pipeline: pipeline.pipeline,
          layer,
          comment,
          expectedVersion: pipeline.layer_version,
        })
      }
    />
  );
}
