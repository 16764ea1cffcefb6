// How the org's own names would stand under the text that is being edited.
import { Skeleton } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { ConventionTrial } from "../../api/types.ts";
import { count } from "../../lib/money.ts";
import { sentence } from "../../lib/sentence.ts";
import { ErrorState } from "../../ui/States.tsx";
import { Suggested } from "./NamesTable.tsx";
import classes from "./Naming.module.css";

export function TrialPanel({ trial }: { trial: UseQueryResult<ConventionTrial, Error> }) {
  const preview = trial.data?.preview;
  return (
    <section className={classes.panel} aria-labelledby="trial" aria-busy={trial.isFetching}>
      <h2 id="trial">On your names</h2>
      {trial.error ? (
        <ErrorState
          error={trial.error}
          what="try it on your names"
          onRetry={() => void trial.refetch()}
        />
      ) : trial.data === undefined ? (
        <Skeleton height={96} radius={6} />
      ) : !preview ? (
        <p className="quiet small">Mend the problems above, then it is tried on your names.</p>
      ) : preview.names === 0 ? (
        <p className="quiet small">It is for none of the names there are.</p>
      ) : (
        <>
          <p className="small num" aria-live="polite">
            <strong>
              {count(preview.compliant)} of {count(preview.names)}
            </strong>{" "}
            would be right; {count(preview.compliant_now)} are right now.
          </p>
          {preview.wrong.length > 0 ? (
            <ScrollingList label="Names that would be wrong">
              {preview.wrong.map((one) => (
                <li key={`${one.level} ${one.entity_id}`}>
                  <span className={classes.name}>{one.name}</span>
                  <span className="quiet">
                    {sentence(one.issues.map((issue) => issue.message).join("; "))}
                  </span>
                  {one.suggestions.length > 0 && <Suggested item={one} />}
                </li>
              ))}
            </ScrollingList>
          ) : (
            <ScrollingList label="Names that would be right">
              {preview.right.map((name) => (
                <li key={name} className={classes.name}>
                  {name}
                </li>
              ))}
            </ScrollingList>
          )}
        </>
      )}
    </section>
  );
}

function ScrollingList({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <ul className={classes.list} aria-label={label} tabIndex={0}>
      {children}
    </ul>
  );
}
