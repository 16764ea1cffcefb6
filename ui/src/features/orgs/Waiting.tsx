// What is happening while an org is prepared; usually seen for less than a second.
import { IconCheck, IconLoader2 } from "@tabler/icons-react";
import type { OrgSummary } from "../../api/types.ts";
import { FormHeading } from "../../ui/FrontFrame.tsx";
import classes from "./Waiting.module.css";

type Props = { org: OrgSummary | undefined; entering: boolean };

export function Waiting({ org, entering }: Props) {
  const ready = org?.state === "active";
  const steps = [
    { text: "Account and address", done: org !== undefined },
    { text: "A home in a cell, with its own keys", done: ready },
    { text: "Signing you in there", done: entering },
  ];
  const current = steps.findIndex((step) => !step.done);
  return (
    <div>
      <FormHeading title={ready ? `Opening ${org.name}` : `Preparing ${org?.name ?? "…"}`}>
        {ready ? "One moment." : "This takes about a second. You can leave this page open."}
      </FormHeading>
      <ol className={classes.steps} aria-live="polite">
        {steps.map((step, index) => (
          <li key={step.text} className={classes.step} data-done={step.done || undefined}>
            <span className={classes.mark} aria-hidden="true">
              {step.done ? (
                <IconCheck size={14} />
              ) : index === current ? (
                <IconLoader2 size={14} className={classes.turn} />
              ) : null}
            </span>
            {step.text}
            <span className="sr-only">{step.done ? " (done)" : ""}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
