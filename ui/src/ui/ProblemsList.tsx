// Each problem with its line and path; one click or Enter leads to it.
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import { plural } from "../lib/dates.ts";
import classes from "./ProblemsList.module.css";
import type { PlacedProblem } from "./problems.ts";

const ICONS = { good: IconCircleCheck, warn: IconAlertTriangle, bad: IconCircleX };

type Props = {
  id: string;
  problems: readonly PlacedProblem[];
  /** The text was changed and the answer to it is not here yet. */
  checking: boolean;
  onJump: (problem: PlacedProblem) => void;
};

export function ProblemsList({ id, problems, checking, onJump }: Props) {
  const errors = problems.filter(({ weight }) => weight === "error").length;
  const warnings = problems.length - errors;
  const tone = errors > 0 ? "bad" : warnings > 0 ? "warn" : "good";
  const Icon = ICONS[tone];
  return (
    <section className={classes.box} aria-label="Problems">
      <p id={id} className={classes.verdict} data-tone={tone} aria-live="polite">
        <Icon size={16} aria-hidden="true" />
        {verdict(errors, warnings)}
        {checking && <span className="quieter">Checking</span>}
      </p>
      {problems.length > 0 && (
        <ul className={classes.list}>
          {problems.map((problem) => (
            <li key={`${problem.path} ${problem.message}`}>
              <button type="button" className={classes.problem} onClick={() => onJump(problem)}>
                <span className={classes.where}>
                  {problem.weight === "warning" ? "Warning, line" : "Line"} {problem.place.line}
                  {problem.path !== "" && <code>{problem.path}</code>}
                </span>
                {problem.message}
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function verdict(errors: number, warnings: number): string {
  const parts = [
    errors > 0 ? plural(errors, "problem") : "",
    warnings > 0 ? plural(warnings, "warning") : "",
  ].filter(Boolean);
  return parts.length === 0 ? "No problems" : parts.join(", ");
}
