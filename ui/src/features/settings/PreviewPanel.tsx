// What other settings would change on the organisation's own data.
import { Skeleton } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ModuleTrialAnswer } from "../../api/types.ts";
import { count } from "../../lib/money.ts";
import { plain } from "../../lib/sentence.ts";
import { ErrorState } from "../../ui/States.tsx";
import classes from "./Settings.module.css";

export function PreviewPanel({ trial }: { trial: UseQueryResult<ModuleTrialAnswer, Error> }) {
  const preview = trial.data?.preview;
  return (
    <section className={classes.preview} aria-label="Preview" aria-busy={trial.isFetching}>
      <h3>What would change</h3>
      {trial.error ? (
        <ErrorState
          error={trial.error}
          what="try these settings"
          onRetry={() => void trial.refetch()}
        />
      ) : trial.data === undefined ? (
        <Skeleton height={64} radius={6} />
      ) : !preview ? (
        <p className="quiet small">These settings cannot be used yet.</p>
      ) : (
        <>
          <p className="small" aria-live="polite">
            {preview.changed === 0
              ? `Nothing of ${count(preview.looked_at)} looked at.`
              : `${count(preview.changed)} of ${count(preview.looked_at)} looked at.`}
          </p>
          <ul className={classes.changes}>
            {preview.items.map((item) => (
              <li key={`${item.kind} ${item.id}`} className={classes.change}>
                <span className="truncate" title={item.name}>
                  {item.name}
                </span>
                <span className={`quiet ${classes.changed}`}>
                  {plain(item.before)} → {plain(item.after)}
                </span>
              </li>
            ))}
          </ul>
          {preview.changed > preview.items.length && (
            <p className="quieter tiny">The first {preview.items.length} are shown.</p>
          )}
        </>
      )}
    </section>
  );
}
