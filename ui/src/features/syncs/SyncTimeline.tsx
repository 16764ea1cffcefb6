// What a sync did and when: each step on one line of time, with its calls and bytes.
import { useEffect, useState } from "react";
import { bytes } from "../../lib/bytes.ts";
import { instant, seconds } from "../../lib/dates.ts";
import { count } from "../../lib/money.ts";
import { sentence } from "../../lib/sentence.ts";
import { TableFrame } from "../../ui/TableFrame.tsx";
import table from "../../ui/table.module.css";
import classes from "./SyncTimeline.module.css";
import { isWaiting, type PlacedStep, type Step, stepWord, timelineOf } from "./timeline.ts";

type Props = { steps: readonly Step[]; running: boolean };

export function SyncTimeline({ steps, running }: Props) {
  const now = useNow(running);
  const line = timelineOf(steps, now);
  const hasNotes = steps.some(({ note }) => note);
  if (steps.length === 0) return null;
  return (
    <section className={classes.section} aria-labelledby="timeline">
      <h2 id="timeline">Timeline</h2>
      <TableFrame label="Timeline, table">
        <table className={`${table.table} ${classes.table}`}>
          <caption className="sr-only">Steps of this sync in the order they ran</caption>
          <thead>
            <tr>
              <th>Step</th>
              <th className={classes.when} aria-label="When" />
              <th data-num>Took</th>
              <th data-num>Calls</th>
              <th data-num>Bytes</th>
              {hasNotes && <th>Note</th>}
            </tr>
          </thead>
          <tbody>
            {line.steps.map((step) => (
              <StepRow key={`${step.step} ${step.started_at}`} step={step} noted={hasNotes} />
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">Together</th>
              <td />
              <td data-num>{seconds(line.seconds)}</td>
              <td data-num>{count(line.calls)}</td>
              <td data-num>{bytes(line.bytes)}</td>
              {hasNotes && <td />}
            </tr>
          </tfoot>
        </table>
      </TableFrame>
    </section>
  );
}

function StepRow({ step, noted }: { step: PlacedStep; noted: boolean }) {
  return (
    <tr>
      <td title={instant(step.started_at)}>{stepWord(step.step)}</td>
      <td className={classes.when}>
        <span className={classes.track} aria-hidden="true">
          <span
            className={classes.bar}
            data-waiting={isWaiting(step.step) || undefined}
            data-running={step.running || undefined}
            style={{ left: `${step.left}%`, width: `${step.width}%` }}
          />
        </span>
      </td>
      <td data-num>
        {seconds(step.seconds)}
        {step.running && <span className="sr-only"> so far</span>}
      </td>
      <td data-num className={step.calls ? undefined : "quieter"}>
        {step.calls ? count(step.calls) : "–"}
      </td>
      <td data-num className={step.bytes ? undefined : "quieter"}>
        {step.bytes ? bytes(step.bytes) : "–"}
      </td>
      {noted && <td className={classes.note}>{step.note ? sentence(step.note) : ""}</td>}
    </tr>
  );
}

/** The running step grows by the second; nothing moves once the sync is over. */
function useNow(ticking: boolean): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    if (!ticking) return;
    const timer = setInterval(() => setNow(new Date()), 1000);
    return () => clearInterval(timer);
  }, [ticking]);
  return now;
}
