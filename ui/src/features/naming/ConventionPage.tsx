// One convention: its text with a live trial, its history, and taking it away.
import { Button, Skeleton } from "@mantine/core";
import { useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { ApiError } from "../../api/errors.ts";
import {
  type ConventionDocument,
  conventionQuery,
  conventionVersionsQuery,
  saveConvention,
} from "../../api/naming.ts";
import { sessionQuery } from "../../api/session.ts";
import type { ConventionEntry } from "../../api/types.ts";
import { useWrite } from "../../api/write.ts";
import { changesBetween } from "../../lib/json-changes.ts";
import { org } from "../../lib/paths.ts";
import { can } from "../../lib/permissions.ts";
import { AppLink, useGo } from "../../ui/AppLink.tsx";
import { Page } from "../../ui/Page.tsx";
import { Person } from "../../ui/Person.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { SaveDialog } from "../../ui/SaveDialog.tsx";
import { EmptyState, ErrorState } from "../../ui/States.tsx";
import { TableFrame } from "../../ui/TableFrame.tsx";
import table from "../../ui/table.module.css";
import { ConventionEditor } from "./ConventionEditor.tsx";
import classes from "./Naming.module.css";

export function ConventionPage() {
  const { conventionId: id = "" } = useParams({ strict: false }) as { conventionId?: string };
  const convention = useQuery(conventionQuery(id));
  const above = <AppLink to={org.conventions()}>Conventions</AppLink>;
  if (convention.data?.document) {
    return <Kept key={id} entry={convention.data} above={above} />;
  }
  const missing = convention.error instanceof ApiError && convention.error.missing;
  return (
    <Page above={above} title="Convention">
      {missing || convention.data ? (
        <EmptyState title={missing ? "No such convention" : "This convention was taken away"}>
          <AppLink to={org.conventions()}>All conventions</AppLink>
        </EmptyState>
      ) : convention.error ? (
        <ErrorState
          error={convention.error}
          what="load this convention"
          onRetry={() => void convention.refetch()}
        />
      ) : (
        <Skeleton height={480} radius={8} />
      )}
    </Page>
  );
}

/** What is put in its place, and how that is called. */
type Wish = { verb: string; comment: string; document: ConventionDocument | null };

function Kept({ entry, above }: { entry: ConventionEntry; above: React.ReactNode }) {
  const { data: session } = useSuspenseQuery(sessionQuery);
  const go = useGo();
  const queries = useQueryClient();
  const [wish, setWish] = useState<Wish | null>(null);
  const mayEdit = can(session.role, "manage settings");
  const id = entry.convention_id;
  const save = useWrite(saveConvention, {
    onSuccess: (kept) => {
      void queries.invalidateQueries({ queryKey: ["naming"] });
      setWish(null);
      if (!kept.document) go(org.conventions());
    },
  });
  const saved = entry.document as ConventionDocument;
  const actions = (
    <>
      <Button variant="subtle" onClick={() => go(org.buildName(id))}>
        Build a name
      </Button>
      {mayEdit && (
        <Button
          variant="default"
          onClick={() => setWish({ verb: "Take away", comment: "", document: null })}
        >
          Take away
        </Button>
      )}
    </>
  );
  return (
    <>
      <ConventionEditor
        key={entry.version}
        id={id}
        version={entry.version}
        saved={saved}
        title={entry.convention?.title ?? "Convention"}
        above={above}
        actions={actions}
        below={<History id={id} current={entry.version} onRestore={mayEdit ? setWish : null} />}
      />
      {wish && (
        <SaveDialog
          opened
          onClose={() => setWish(null)}
          title={`${wish.verb}: ${entry.convention?.title ?? "convention"}`}
          verb={wish.verb}
          comment={wish.comment}
          changes={wish.document ? changesBetween(saved, wish.document) : []}
          none={
            wish.document
              ? undefined
              : "Names are not checked against it any more. Its history stays."
          }
          error={save.error}
          pending={save.isPending}
          onSave={(comment) =>
            save.mutate({ id, document: wish.document, comment, version: entry.version })
          }
        />
      )}
    </>
  );
}

type HistoryProps = { id: string; current: number; onRestore: ((wish: Wish) => void) | null };

function History({ id, current, onRestore }: HistoryProps) {
  const versions = useQuery(conventionVersionsQuery(id));
  if (!versions.data) return null;
  return (
    <section className={classes.section} aria-labelledby="history">
      <h2 id="history">History</h2>
      <TableFrame label="History, table">
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
            {versions.data.items.map(({ version, comment, changed_by, changed_at, document }) => (
              <tr key={version}>
                <td className="num">{version}</td>
                <td>{comment}</td>
                <td className="quiet">
                  <Person userId={changed_by} />
                </td>
                <td className="quiet">
                  <RelativeTime at={changed_at} />
                </td>
                <td>
                  {version === current ? (
                    <span className="quieter">In force</span>
                  ) : (
                    onRestore &&
                    document && (
                      <Button
                        variant="subtle"
                        size="compact-sm"
                        onClick={() =>
                          onRestore({
                            verb: "Restore",
                            comment: `Back to version ${version}: ${comment}`,
                            document: document as ConventionDocument,
                          })
                        }
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
    </section>
  );
}
