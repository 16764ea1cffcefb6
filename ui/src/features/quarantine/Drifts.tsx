// How the file's columns differ from the spec. A new name for a known column is accepted here, as
// a version of the pipeline like any other.
import { Button } from "@mantine/core";
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { acceptHeader } from "../../api/quarantine.ts";
import { sessionQuery } from "../../api/session.ts";
import type { QuarantineDetail } from "../../api/types.ts";
import { useWrite } from "../../api/write.ts";
import { driftWords } from "../../lib/drifts.ts";
import { can } from "../../lib/permissions.ts";
import { FormError } from "../../ui/FormError.tsx";
import { Notice } from "../../ui/Notice.tsx";
import classes from "./QuarantinePage.module.css";

export function Drifts({ file }: { file: QuarantineDetail }) {
  const queries = useQueryClient();
  const { data: session } = useSuspenseQuery(sessionQuery);
  const accept = useWrite(acceptHeader, {
    onSuccess: () => void queries.invalidateQueries({ queryKey: ["pipelines"] }),
  });
  if (file.drifts.length === 0) return null;
  const mayAccept = can(session.role, "manage pipelines");
  return (
    <section className={classes.section} aria-labelledby="drifts">
      <h2 id="drifts">Columns that differ</h2>
      <ul className={classes.drifts}>
        {file.drifts.map((drift) => (
          <li key={`${drift.change} ${drift.column}`}>
            <span className={classes.what}>{driftWords(drift)}</span>
            {drift.change === "renamed_suspected" && mayAccept && (
              <Button
                variant="default"
                size="compact-sm"
                disabled={accept.isSuccess}
                loading={accept.isPending}
                onClick={() =>
                  accept.mutate({
                    pipeline: file.pipeline,
                    column: drift.column,
                    header: drift.header,
                  })
                }
              >
                Accept this name
              </Button>
            )}
          </li>
        ))}
      </ul>
      <FormError error={accept.error} />
      {accept.isSuccess && (
        <Notice tone="info" title="The pipeline knows the name now.">
          Replay the file to load it.
        </Notice>
      )}
    </section>
  );
}
