// One backfill: how far it is, each of its parts, and the way to end it.
import { Button, Progress, Skeleton } from "@mantine/core";
import { useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { backfillQuery, cancelBackfill, isUnderWay } from "../../api/backfills.ts";
import { ApiError } from "../../api/errors.ts";
import { sessionQuery } from "../../api/session.ts";
import type { Backfill } from "../../api/types.ts";
import { useWrite } from "../../api/write.ts";
import { dayRange, elapsed, instant, plural } from "../../lib/dates.ts";
import { count } from "../../lib/money.ts";
import { org } from "../../lib/paths.ts";
import { can } from "../../lib/permissions.ts";
import { fullSentence } from "../../lib/sentence.ts";
import { AppLink } from "../../ui/AppLink.tsx";
import { Chip } from "../../ui/Chip.tsx";
import { FormError } from "../../ui/FormError.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Page } from "../../ui/Page.tsx";
import { PipelineLink } from "../../ui/PipelineLink.tsx";
import { EmptyState, ErrorState } from "../../ui/States.tsx";
import { TableFrame } from "../../ui/TableFrame.tsx";
import table from "../../ui/table.module.css";
import classes from "./Backfills.module.css";
import { backfillStatus, doneOf, windowStatus } from "./states.ts";

export function BackfillPage() {
  const { backfillId = "" } = useParams({ strict: false }) as { backfillId?: string };
  const backfill = useQuery(backfillQuery(backfillId));
  const above = <AppLink to={org.backfills()}>Backfills</AppLink>;
  if (backfill.data) {
    const { data } = backfill;
    return (
      <Page
        narrow
        above={above}
        title={dayRange(data.start, data.end)}
        aside={<Chip status={backfillStatus(data.state)} />}
        context={<When backfill={data} />}
        actions={isUnderWay(data) && <Cancel backfill={data} />}
      >
        <Detail backfill={data} />
      </Page>
    );
  }
  return (
    <Page narrow above={above} title="Backfill">
      {backfill.error instanceof ApiError && backfill.error.missing ? (
        <EmptyState title="No such backfill">It may be older than we keep.</EmptyState>
      ) : backfill.error ? (
        <ErrorState
          error={backfill.error}
          what="load this backfill"
          onRetry={() => void backfill.refetch()}
        />
      ) : (
        <Skeleton height={160} radius={8} />
      )}
    </Page>
  );
}

function When({ backfill }: { backfill: Backfill }) {
  const pipeline = <PipelineLink pipeline={backfill.pipeline} />;
  return backfill.finished_at ? (
    <>
      {pipeline}, started {instant(backfill.created_at)}, took{" "}
      {elapsed(backfill.created_at, backfill.finished_at)}
    </>
  ) : (
    <>
      {pipeline}, started {instant(backfill.created_at)}
    </>
  );
}

function Detail({ backfill }: { backfill: Backfill }) {
  const share = Math.round(backfill.progress * 100);
  return (
    <>
      {backfill.problem && (
        <Notice tone="attention" title={fullSentence(backfill.problem.message)}>
          {backfill.retry_at
            ? `It goes on by itself after ${instant(backfill.retry_at)}.`
            : "What is in stays; the rest can be started again."}
        </Notice>
      )}
      <section className={classes.card} aria-label="Progress">
        <div className={classes.head}>
          <span aria-live="polite">
            {doneOf(backfill)} of {plural(backfill.windows.length, "part")} in
          </span>
          <span className="quieter num">{count(backfill.rows_loaded)} rows</span>
          <span className={classes.share}>{share} %</span>
        </div>
        <Progress
          value={share}
          size={4}
          radius={2}
          aria-label="Progress"
          color="var(--accent)"
          classNames={{ root: classes.track }}
          transitionDuration={150}
        />
      </section>
      <section className={classes.section} aria-labelledby="parts">
        <h2 id="parts">Parts</h2>
        <TableFrame label="Parts, table">
          <table className={table.table}>
            <thead>
              <tr>
                <th>Days</th>
                <th>State</th>
                <th data-num>Rows</th>
              </tr>
            </thead>
            <tbody>
              {backfill.windows.map((part) => (
                <tr key={part.start}>
                  <td className="num">
                    {part.sync_id ? (
                      <AppLink to={org.sync(part.sync_id)} className={table.name}>
                        {dayRange(part.start, part.end)}
                      </AppLink>
                    ) : (
                      dayRange(part.start, part.end)
                    )}
                  </td>
                  <td>
                    <Chip status={windowStatus(part.state)} />
                  </td>
                  <td data-num>{count(part.rows)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      </section>
    </>
  );
}

function Cancel({ backfill }: { backfill: Backfill }) {
  const queries = useQueryClient();
  const { data: session } = useSuspenseQuery(sessionQuery);
  const cancel = useWrite(cancelBackfill, {
    onSuccess: () => void queries.invalidateQueries({ queryKey: ["backfills"] }),
  });
  if (!can(session.role, "start sync")) return null;
  return (
    <>
      <FormError error={cancel.error} />
      <Button
        variant="default"
        loading={cancel.isPending}
        onClick={() => cancel.mutate(backfill.backfill_id)}
      >
        Cancel backfill
      </Button>
    </>
  );
}
