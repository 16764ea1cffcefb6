// Tries the change on the latest file that really came, or on one at hand, and keeps nothing of it.
import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import { dryRun } from "../../api/pipelines.ts";
import type { DryRunAnswer } from "../../api/types.ts";
import { useWrite } from "../../api/write.ts";
import { plural } from "../../lib/dates.ts";
import { driftWords } from "../../lib/drifts.ts";
import type { Layer } from "../../lib/layer.ts";
import { count } from "../../lib/money.ts";
import { fullSentence, sentence } from "../../lib/sentence.ts";
import { Chip } from "../../ui/Chip.tsx";
import { FormError } from "../../ui/FormError.tsx";
import classes from "./DryRun.module.css";
import { DryRunRows } from "./DryRunRows.tsx";
import { SampleInput } from "./SampleInput.tsx";
import { useSample } from "./useSample.ts";

type Props = {
  pipeline: string;
  layer: Layer | null;
  blocked: boolean;
  /** Nothing of it came yet, so only a file at hand will do. */
  fresh: boolean;
};

export function DryRun({ pipeline, layer, blocked, fresh }: Props) {
  const run = useWrite(dryRun);
  const { sample, set, forget } = useSample(pipeline);
  const wish = { pipeline, layer, sample: sample?.base64 };
  // What came of another text or file says nothing of this one.
  const stale =
    run.variables !== undefined &&
    (run.variables.layer !== layer || run.variables.sample !== wish.sample);
  return (
    <section className={classes.box} aria-labelledby="dry-run">
      <div className={classes.head}>
        <h2 id="dry-run">Dry run</h2>
        <Button
          variant="default"
          size="compact-sm"
          disabled={blocked || (fresh && sample === null)}
          loading={run.isPending}
          onClick={() => run.mutate(wish)}
        >
          {run.data ? "Run again" : "Run"}
        </Button>
      </div>
      <SampleInput
        label={sample || fresh ? "On a file of yours" : "On the latest file that came"}
        name={sample?.name ?? null}
        onRead={(chosen) => set(chosen)}
        onForget={forget}
      />
      {sample?.shortened && (
        <p className="small quieter">Only its first half megabyte, so a totals row is not in.</p>
      )}
      <FormError error={run.error} />
      {run.data ? (
        <div className={classes.outcome} data-stale={stale || undefined} aria-live="polite">
          {stale && <p className="quieter">From before your latest changes.</p>}
          <Outcome answer={run.data} />
        </div>
      ) : (
        <p className="small quieter">Reads the file as the spec says and loads nothing.</p>
      )}
    </section>
  );
}

const LOADS = { word: "Would be loaded", tone: "ok", icon: IconCircleCheck } as const;
const STOPS = { word: "Would be stopped", tone: "critical", icon: IconCircleX } as const;

function Outcome({ answer }: { answer: DryRunAnswer }) {
  const [opened, is] = useDisclosure();
  const { refusal, difference, drifts, warnings } = answer;
  const rows = answer.sample.length + (difference?.cells.length ?? 0);
  return (
    <>
      <div className="row">
        <Chip status={answer.accepted ? LOADS : STOPS} />
        <span className="num quiet">{count(answer.rows)} rows</span>
      </div>
      {refusal && (
        <p>
          {fullSentence(refusal.message)}
          {refusal.line != null && ` Line ${count(refusal.line)}.`}
        </p>
      )}
      <ul className={classes.points}>
        {answer.control_total && <li>The file's own totals agree with its rows.</li>}
        {drifts.map((drift) => (
          <li key={`${drift.change} ${drift.column}`}>{driftWords(drift)}</li>
        ))}
        {warnings.map(({ column, message, rows: broken }) => (
          <li key={column + message}>
            {sentence(message)} ({plural(broken, "row")}).
          </li>
        ))}
        {difference && <li>{differenceWords(difference)}</li>}
      </ul>
      {rows > 0 && (
        <Button variant="subtle" size="compact-sm" onClick={is.open}>
          See the rows
        </Button>
      )}
      <DryRunRows answer={answer} opened={opened} onClose={is.close} />
    </>
  );
}

export function differenceWords(difference: NonNullable<DryRunAnswer["difference"]>): string {
  const { days_equal: equal, days_different: different, days_new: fresh } = difference;
  const parts = [
    equal > 0 ? `${count(equal)} the same` : "",
    different > 0 ? `${count(different)} different` : "",
    fresh > 0 ? `${count(fresh)} new` : "",
  ].filter(Boolean);
  return `Against what is loaded now, advertiser days: ${parts.join(", ") || "none"}.`;
}
