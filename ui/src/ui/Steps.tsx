// Where one is on the way from sign-up to the first chart; spans both hosts.
import { IconCheck } from "@tabler/icons-react";
import { useTitle } from "./Page.tsx";
import classes from "./Steps.module.css";

const STEPS = ["Account", "Organisation", "Connect DV360", "Advertisers", "First data"] as const;

export type Step = (typeof STEPS)[number];

export function Steps({ current }: { current: Step }) {
  const at = STEPS.indexOf(current);
  useTitle(`Step ${at + 1} of ${STEPS.length}: ${current}`);
  return (
    <nav aria-label="Setup steps" className={classes.steps}>
      <p className={classes.short}>
        Step {at + 1} of {STEPS.length}
        <span className="quieter"> · {current}</span>
      </p>
      <ol className={classes.list}>
        {STEPS.map((step, index) => (
          <li
            key={step}
            className={classes.step}
            data-done={index < at || undefined}
            aria-current={index === at ? "step" : undefined}
          >
            <span className={classes.mark} aria-hidden="true">
              {index < at ? <IconCheck size={12} stroke={3} /> : index + 1}
            </span>
            {step}
            {index < at && <span className="sr-only"> (done)</span>}
          </li>
        ))}
      </ol>
    </nav>
  );
}
