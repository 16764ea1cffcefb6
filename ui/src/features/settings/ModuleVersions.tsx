// Who changed the module, when and why; any version can be put back, which is a version of its own.
import { Button, Skeleton } from "@mantine/core";
import { useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { moduleVersionsQuery, saveModule } from "../../api/modules.ts";
import { sessionQuery } from "../../api/session.ts";
import type { ModuleDetail, ModuleVersion } from "../../api/types.ts";
import { useWrite } from "../../api/write.ts";
import { changesBetween } from "../../lib/json-changes.ts";
import { can } from "../../lib/permissions.ts";
import { plain } from "../../lib/sentence.ts";
import { Person } from "../../ui/Person.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { SaveDialog } from "../../ui/SaveDialog.tsx";
import { ErrorState } from "../../ui/States.tsx";
import { TableFrame } from "../../ui/TableFrame.tsx";
import table from "../../ui/table.module.css";
import classes from "./Settings.module.css";

export function ModuleVersions({ module }: { module: ModuleDetail }) {
  const versions = useQuery(moduleVersionsQuery(module.module));
  const { data: session } = useSuspenseQuery(sessionQuery);
  const [restoring, setRestoring] = useState<ModuleVersion | null>(null);
  const mayEdit = can(session.role, "manage settings");
  const items = versions.data?.items;
  return (
    <section className={classes.section} aria-labelledby="versions">
      <h2 id="versions">History</h2>
      {versions.error ? (
        <ErrorState
          error={versions.error}
          what="load the history"
          onRetry={() => void versions.refetch()}
        />
      ) : items === undefined ? (
        <Skeleton height={72} radius={8} />
      ) : items.length === 0 ? (
        <p className="quiet">As shipped; nobody here has changed it.</p>
      ) : (
        <TableFrame label="History, table">
          <table className={table.table}>
            <thead>
              <tr>
                <th>Version</th>
                <th>State</th>
                <th>What changed</th>
                <th>Comment</th>
                <th>By</th>
                <th>When</th>
                <th aria-label="Action" />
              </tr>
            </thead>
            <tbody>
              {items.map((item) => (
                <tr key={item.version}>
                  <td className="num">{item.version}</td>
                  <td className="quiet">{item.enabled ? "On" : "Off"}</td>
                  <td className={`quiet ${classes.about}`}>{changedWords(item)}</td>
                  <td className={classes.about}>{item.comment}</td>
                  <td className="quiet">
                    <Person userId={item.changed_by} />
                  </td>
                  <td className="quiet">
                    <RelativeTime at={item.changed_at} />
                  </td>
                  <td>
                    {item.version === module.version ? (
                      <span className="quieter">In force</span>
                    ) : (
                      mayEdit && (
                        <Button
                          variant="subtle"
                          size="compact-sm"
                          onClick={() => setRestoring(item)}
                        >
                          Restore
                        </Button>
                      )
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
      {restoring && (
        <Restore module={module} version={restoring} onClose={() => setRestoring(null)} />
      )}
    </section>
  );
}

function changedWords({ diff }: ModuleVersion): string {
  const names = diff.map(({ path }) => plain(path.slice(1).replaceAll("/", " › ")));
  return names.length === 0 ? "Nothing" : names.join(", ");
}

type RestoreProps = { module: ModuleDetail; version: ModuleVersion; onClose: () => void };

function Restore({ module, version, onClose }: RestoreProps) {
  const queries = useQueryClient();
  const restore = useWrite(saveModule, {
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["modules"] });
      void queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
      onClose();
    },
  });
  const side = (one: Pick<ModuleDetail, "enabled" | "template" | "layer">) => ({
    enabled: one.enabled,
    template: one.template ?? null,
    settings: one.layer ?? null,
  });
  const [before, after] = [side(module), side(version)];
  return (
    <SaveDialog
      opened
      onClose={onClose}
      title={`Restore version ${version.version}`}
      verb="Restore"
      comment={`Back to version ${version.version}: ${version.comment}`}
      changes={changesBetween(before, after)}
      error={restore.error}
      pending={restore.isPending}
      onSave={(comment) =>
        restore.mutate({ module: module.module, ...after, comment, version: module.version })
      }
    />
  );
}
