// How the file's columns differ from the spec. Only a person can say that a column has a new name;
// saying so has the pipeline know it and the file read again.
import { Button, Checkbox } from "@mantine/core";
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { acceptNames } from "../../api/quarantine.ts";
import { sessionQuery } from "../../api/session.ts";
import type { QuarantineDetail } from "../../api/types.ts";
import { useWrite } from "../../api/write.ts";
import { type Drift, driftWords } from "../../lib/drifts.ts";
import { org } from "../../lib/paths.ts";
import { can } from "../../lib/permissions.ts";
import { useGo } from "../../ui/AppLink.tsx";
import { FormError } from "../../ui/FormError.tsx";
import classes from "./QuarantinePage.module.css";

type Renamed = Extract<Drift, { change: "renamed_suspected" }>;

export function Drifts({ file }: { file: QuarantineDetail }) {
  const { data: session } = useSuspenseQuery(sessionQuery);
  if (file.drifts.length === 0) return null;
  const renamed = file.drifts.filter(
    (drift): drift is Renamed => drift.change === "renamed_suspected",
  );
  const others = file.drifts.filter((drift) => drift.change !== "renamed_suspected");
  const mayAccept = can(session.role, "manage pipelines") && file.state === "open";
  return (
    <section className={classes.section} aria-labelledby="drifts">
      <h2 id="drifts">Columns that differ</h2>
      {others.length > 0 && <Points drifts={others} />}
      {renamed.length > 0 &&
        (mayAccept ? <Accept file={file} renamed={renamed} /> : <Points drifts={renamed} />)}
    </section>
  );
}

function Points({ drifts }: { drifts: readonly Drift[] }) {
  return (
    <ul className={classes.drifts}>
      {drifts.map((drift) => (
        <li key={`${drift.change} ${drift.column}`}>{driftWords(drift)}</li>
      ))}
    </ul>
  );
}

function Accept({ file, renamed }: { file: QuarantineDetail; renamed: readonly Renamed[] }) {
  const go = useGo();
  const queries = useQueryClient();
  const [left, setLeft] = useState<readonly string[]>([]);
  const accept = useWrite(acceptNames, {
    onSuccess: ({ sync_id }) => {
      for (const key of ["quarantine", "pipelines", "syncs"]) {
        void queries.invalidateQueries({ queryKey: [key] });
      }
      go(org.sync(sync_id));
    },
  });
  const names = renamed
    .filter(({ column }) => !left.includes(column))
    .map(({ column, header }) => ({ column, header }));
  const flip = (column: string) =>
    setLeft(left.includes(column) ? left.filter((one) => one !== column) : [...left, column]);
  return (
    <div className={classes.accept}>
      {renamed.map((drift) =>
        renamed.length === 1 ? (
          <p key={drift.column}>{driftWords(drift)}</p>
        ) : (
          <Checkbox
            key={drift.column}
            label={driftWords(drift)}
            checked={!left.includes(drift.column)}
            onChange={() => flip(drift.column)}
          />
        ),
      )}
      <FormError error={accept.error} />
      <div className={classes.acceptEnd}>
        <Button
          variant="default"
          disabled={names.length === 0}
          loading={accept.isPending}
          onClick={() => accept.mutate({ syncId: file.sync_id, names })}
        >
          {names.length > 1
            ? `Accept ${names.length} new names and load`
            : "Accept the new name and load"}
        </Button>
        <p className="small quieter">
          A version of the pipeline notes it; files under either name are read from then on.
        </p>
      </div>
    </div>
  );
}
