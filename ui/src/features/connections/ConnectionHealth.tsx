// Whether the connection works: when each pipeline last did and will again, whether the source
// answers, and what a person can do about it.
import { Skeleton } from "@mantine/core";
import { IconCircleCheck, IconClockExclamation, IconPlugConnectedX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { healthQuery } from "../../api/connections.ts";
import type { ConnectionHealth as Health } from "../../api/types.ts";
import { instant, plural } from "../../lib/dates.ts";
import { org } from "../../lib/paths.ts";
import { fullSentence } from "../../lib/sentence.ts";
import { AppLink } from "../../ui/AppLink.tsx";
import { Chip, type Status, syncStatus } from "../../ui/Chip.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { PipelineLink } from "../../ui/PipelineLink.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { TableFrame } from "../../ui/TableFrame.tsx";
import table from "../../ui/table.module.css";
import classes from "./ConnectionPage.module.css";

export function ConnectionHealth({ connectionId }: { connectionId: string }) {
  const health = useQuery(healthQuery(connectionId));
  if (health.error) {
    return <Notice tone="attention" title="The health of this connection is not known just now." />;
  }
  if (health.data === undefined) return <Skeleton height={120} radius={8} />;
  return (
    <section className={classes.section} aria-labelledby="health">
      <div className={classes.head}>
        <h2 id="health">Health</h2>
        <Chip status={SOURCE[health.data.breaker.state]} />
      </div>
      <Breaker breaker={health.data.breaker} />
      {health.data.what_to_do && !isSaid(health.data) && (
        <Notice tone="info" title="What to do:">
          {health.data.what_to_do}
        </Notice>
      )}
      <Pipelines health={health.data} />
    </section>
  );
}

const SOURCE: Record<Health["breaker"]["state"], Status> = {
  closed: { word: "Source answers", tone: "ok", icon: IconCircleCheck },
  half_open: { word: "Trying again", tone: "attention", icon: IconClockExclamation },
  open: { word: "Source does not answer", tone: "critical", icon: IconPlugConnectedX },
};

/** While it is open nothing is asked of the source, so that it can recover. */
function Breaker({ breaker }: Pick<Health, "breaker">) {
  if (breaker.state === "closed") return null;
  return (
    <Notice
      tone="attention"
      title={`The source failed ${plural(breaker.failures, "time")} in a row.`}
    >
      {breaker.last_error && `${fullSentence(breaker.last_error)} `}
      {breaker.retry_at
        ? `It is left alone until ${instant(breaker.retry_at)}, then tried again.`
        : "It is being tried again."}
    </Notice>
  );
}

/** A pause and an open breaker say themselves what is to be done. */
function isSaid({ state, breaker }: Health): boolean {
  return state === "paused" || breaker.state !== "closed";
}

function Pipelines({ health }: { health: Health }) {
  if (health.pipelines.length === 0) {
    return <p className="quiet">No pipeline has read through it yet.</p>;
  }
  return (
    <TableFrame label="Pipelines of this connection, table">
      <table className={table.table}>
        <thead>
          <tr>
            <th>Pipeline</th>
            <th>Last sync</th>
            <th>Last success</th>
            <th>Next run</th>
          </tr>
        </thead>
        <tbody>
          {health.pipelines.map((item) => (
            <tr key={item.pipeline}>
              <td>
                <PipelineLink pipeline={item.pipeline} className={table.name} />
              </td>
              <td>
                {item.last_sync ? (
                  <AppLink to={org.sync(item.last_sync.sync_id)}>
                    <Chip status={syncStatus(item.last_sync.state)} />
                  </AppLink>
                ) : (
                  "–"
                )}
              </td>
              <td className="quiet">
                {item.last_success_at ? <RelativeTime at={item.last_success_at} /> : "Never"}
              </td>
              <td className="quiet">
                {item.next_run_at ? <RelativeTime at={item.next_run_at} /> : "Not planned"}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}
